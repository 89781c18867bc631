import { expect, it } from 'vitest'
import { mergeStreams } from './merge-streams.ts'

async function* items(...values: number[]) {
  yield* values
}

it('hands out the items of all streams, and ends with the last', async () => {
  const merged = await Array.fromAsync(mergeStreams([items(1, 2), items(3)], () => undefined))
  expect(merged.toSorted()).toEqual([1, 2, 3])
})

it('keeps an error that comes while the reader is busy', async () => {
  let isEnded = false
  async function* broken() {
    yield 1
    throw new Error('the engine went away')
  }
  const merged = mergeStreams([broken()], () => {
    isEnded = true
  })
  expect((await merged.next()).value).toBe(1)
  // An unhandled rejection in this pause would end the process, and fails the test run.
  await new Promise((resolve) => setTimeout(resolve, 20))
  await expect(merged.next()).rejects.toThrow('the engine went away')
  expect(isEnded).toBe(true)
})
