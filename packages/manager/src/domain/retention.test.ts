import { expect, it } from 'vitest'
import { expiredReleases } from './retention.ts'

const releases = [5, 3, 4, 1, 2].map((number) => ({ number, imageId: `image-${number}` }))
const expired = (keep: number, needed: number[] = [], rows = releases) =>
  expiredReleases({ releases: rows, keep, needed: new Set(needed) })
    .map(({ number }) => number)
    .toSorted()

it('keeps the newest', () => {
  expect(expired(2)).toEqual([1, 2, 3])
  expect(expired(5)).toEqual([])
})

it('keeps what is needed, however old', () => {
  expect(expired(1, [2])).toEqual([1, 3, 4])
})

it('keeps a release whose image a kept one has, too', () => {
  const sharing = releases.map((row) => (row.number === 1 ? { ...row, imageId: 'image-5' } : row))
  expect(expired(1, [], sharing)).toEqual([2, 3, 4])
})
