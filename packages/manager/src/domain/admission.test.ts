import { expect, it } from 'vitest'
import { expectedBytes, shortageOf } from './admission.ts'

const MiB = 2 ** 20
const reserve = { memoryBytes: 256 * MiB, diskBytes: 1024 * MiB }
const room = { memoryBytes: 900 * MiB, diskBytes: 5_000 * MiB }
const demand = { replicas: 1, limitBytes: 1024 * MiB, measuredBytes: 0 }

it('expects what the app uses, at least the usual, at most its limit', () => {
  expect(expectedBytes(demand)).toBe(128 * MiB)
  expect(expectedBytes({ ...demand, measuredBytes: 300 * MiB })).toBe(300 * MiB)
  expect(expectedBytes({ ...demand, limitBytes: 64 * MiB })).toBe(64 * MiB)
})

it('admits what leaves the reserve untouched', () => {
  expect(shortageOf({ ...demand, replicas: 5 }, room, reserve)).toBeUndefined()
  expect(shortageOf({ ...demand, replicas: 6 }, room, reserve)).toBe(
    '6 new replicas need about 768 MiB of memory beside what runs; 900 MiB are free and 256 MiB must stay so. Stop an app, or ask for fewer replicas.',
  )
  expect(shortageOf({ ...demand, measuredBytes: 700 * MiB }, room, reserve)).toMatch(
    /^1 new replica needs about 700 MiB/,
  )
})

it('starts nothing on a full disk, and asks no memory for nothing', () => {
  expect(shortageOf(demand, { ...room, diskBytes: 900 * MiB }, reserve)).toMatch(/^900 MiB of disk are free/)
  expect(shortageOf({ ...demand, replicas: 0 }, { ...room, memoryBytes: 0 }, reserve)).toBeUndefined()
})
