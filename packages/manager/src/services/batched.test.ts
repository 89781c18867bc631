import { expect, it } from 'vitest'
import { batched } from './batched.ts'

async function* numbers(count: number) {
  for (let index = 0; index < count; index++) yield index
}

it('groups what arrives together and loses nothing', async () => {
  const batches: number[][] = []
  for await (const batch of batched(numbers(7), { maxItems: 3, maxMs: 1_000 })) batches.push(batch)
  expect(batches).toEqual([[0, 1, 2], [3, 4, 5], [6]])
})

it('closes the source when the reader leaves', async () => {
  let isClosed = false
  async function* source() {
    try {
      yield* numbers(100)
    } finally {
      isClosed = true
    }
  }
  for await (const _ of batched(source(), { maxItems: 2, maxMs: 10 })) break
  expect(isClosed).toBe(true)
})

it('keeps an error that comes while the reader is busy', async () => {
  async function* source() {
    yield* numbers(2)
    throw new Error('the stream broke')
  }
  const batches = batched(source(), { maxItems: 2, maxMs: 1_000 })
  expect((await batches.next()).value).toEqual([0, 1])
  // An unhandled rejection in this pause would end the process, and fails the test run.
  await new Promise((resolve) => setTimeout(resolve, 20))
  await expect(batches.next()).rejects.toThrow('the stream broke')
})
