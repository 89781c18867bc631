import { expect, it } from 'vitest'
import { createBackoff } from './backoff.ts'

it('doubles the wait up to a minute, with jitter', () => {
  let time = 0
  const backoff = createBackoff(
    () => time,
    () => 1,
  )
  const waits = Array.from({ length: 9 }, () => {
    backoff.failed('a', 'deploy 1')
    const wait = backoff.soonestMs()
    time += wait
    return wait
  })
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  const half = createBackoff(
    () => 0,
    () => 0,
  )
  half.failed('a', 'deploy 1')
  expect(half.soonestMs()).toBe(250)
})

it('is due when its time has come, when it succeeded, and for something new', () => {
  let time = 0
  const backoff = createBackoff(
    () => time,
    () => 1,
  )
  expect(backoff.isDue('a', 'deploy 1')).toBe(true)
  backoff.failed('a', 'deploy 1')
  expect(backoff.isDue('a', 'deploy 1')).toBe(false)
  expect(backoff.isDue('a', 'deploy 2')).toBe(true)
  expect(backoff.isDue('b', 'deploy 1')).toBe(true)
  time = 500
  expect(backoff.isDue('a', 'deploy 1')).toBe(true)
  backoff.failed('a', 'deploy 1')
  backoff.succeeded('a')
  expect(backoff.isDue('a', 'deploy 1')).toBe(true)
  expect(backoff.soonestMs()).toBe(Infinity)
})
