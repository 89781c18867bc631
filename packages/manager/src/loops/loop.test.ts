import { expect, it } from 'vitest'
import { createLoop } from './loop.ts'

const log = { error: () => undefined }

it('a wake during a run starts the next at once, and runs never overlap', async () => {
  let runs = 0
  let active = 0
  let done: () => void
  const finished = new Promise<void>((resolve) => {
    done = resolve
  })
  const loop = createLoop({
    name: 'test',
    intervalMs: 60_000,
    log,
    async run() {
      expect(++active).toBe(1)
      if (++runs === 1) loop.wake()
      await Promise.resolve()
      active--
      if (runs === 2) done()
      return undefined
    },
  })
  loop.start()
  await finished
  await loop.stop()
  expect(runs).toBe(2)
})

it('reports a failed run and goes on', async () => {
  const errors: object[] = []
  let runs = 0
  let done: () => void
  const finished = new Promise<void>((resolve) => {
    done = resolve
  })
  const loop = createLoop({
    name: 'test',
    intervalMs: 0,
    log: { error: (fields) => void errors.push(fields) },
    async run() {
      if (++runs === 1) throw new Error('no')
      done()
      return { againInMs: 60_000 }
    },
  })
  loop.start()
  await finished
  await loop.stop()
  expect(errors).toHaveLength(1)
})
