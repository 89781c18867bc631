import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { BuildTimedOut, buildTimes, createBuildClock } from './build-clock.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function started(totalMs = 24 * 3_600_000) {
  const end = new AbortController()
  return { end, clock: createBuildClock(end, totalMs, buildTimes) }
}

const minutes = (count: number) => vi.advanceTimersByTime(count * 60_000)

it('ends a build that goes silent', () => {
  const { end, clock } = started()
  clock.enter('installing')
  minutes(14)
  clock.heard()
  minutes(14)
  expect(end.signal.aborted).toBe(false)
  minutes(1)
  expect(end.signal.reason).toEqual(new BuildTimedOut('silent', 'Nothing was printed for 15 min.'))
})

it('ends a phase that takes too long, however much it says', () => {
  const { end, clock } = started()
  clock.enter('resolving')
  for (let minute = 0; minute < 10; minute++) {
    expect(end.signal.aborted).toBe(false)
    clock.heard()
    minutes(1)
  }
  expect(end.signal.reason).toMatchObject({ message: 'Finding the versions of packages took longer than 10 min.' })
})

it('ends a build at the limit of its app, and nothing after its end', () => {
  const { end } = started(90_000)
  vi.advanceTimersByTime(90_000)
  expect(end.signal.reason).toMatchObject({ message: 'It took longer than 90 s, the limit of the app.' })
  const other = started()
  other.clock.stop()
  minutes(1_000)
  expect(other.end.signal.aborted).toBe(false)
})
