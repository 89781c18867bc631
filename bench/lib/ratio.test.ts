import { expect, it } from 'vitest'
import { measurePairs, median, ratioOf } from './ratio.ts'

it('takes the median of the ratios within pairs', () => {
  const pairs = [
    { ours: 2, peer: 1 },
    { ours: 30, peer: 10 },
    { ours: 4, peer: 4 },
  ]
  expect(ratioOf(pairs)).toEqual({ ours: 4, peer: 4, ratio: 2, min: 1, max: 3, pairs: 3 })
  expect(median([1, 2, 3, 4])).toBe(2.5)
})

it('interleaves the sides and discards the warm-up', async () => {
  const order: string[] = []
  const side = (name: string, value: number) => async () => {
    order.push(name)
    return value
  }
  const pairs = await measurePairs(2, side('A', 1), side('B', 2))
  expect(order.join('')).toBe('BAABBA')
  expect(pairs).toHaveLength(2)
})
