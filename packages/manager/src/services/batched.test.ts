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
