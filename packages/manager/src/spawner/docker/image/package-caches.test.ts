import { expect, it } from 'vitest'
import { expiredCaches } from './package-caches.ts'

const limits = { maxBytes: 100, maxAgeMs: 1_000 }
const cache = (name: string, createdAt: number, sizeBytes: number, isUsed = false) => ({
  name,
  createdAt,
  sizeBytes,
  isUsed,
})
const expired = (volumes: ReturnType<typeof cache>[]) => expiredCaches(volumes, limits, 2_000).map(({ name }) => name)

it('removes what is old', () => {
  expect(expired([cache('new', 1_500, 1), cache('old', 900, 1)])).toEqual(['old'])
})

it('removes the oldest until all fit', () => {
  expect(expired([cache('c', 1_300, 50), cache('a', 1_100, 50), cache('b', 1_200, 30)])).toEqual(['a'])
  expect(expired([cache('a', 1_100, 50), cache('b', 1_200, 50)])).toEqual([])
})

it('leaves what a build uses', () => {
  expect(expired([cache('a', 100, 500, true), cache('b', 1_200, 30)])).toEqual(['b'])
})
