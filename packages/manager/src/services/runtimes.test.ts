import { expect, it } from 'vitest'
import { createRuntimes } from './runtimes.ts'

it('asks once for all who ask at the same time, and anew afterwards', async () => {
  let calls = 0
  const runtimes = createRuntimes(async () => [`4.5.${calls++}`])
  expect(await Promise.all([runtimes(), runtimes()])).toEqual([['4.5.0'], ['4.5.0']])
  expect(await runtimes()).toEqual(['4.5.1'])
})

it('answers with the last it knows while the engine hangs or refuses', async () => {
  const answers = [Promise.resolve(['4.5.0']), new Promise<string[]>(() => undefined)]
  const runtimes = createRuntimes(() => answers.shift() ?? Promise.reject(new Error('asked twice')))
  await runtimes()
  expect(await Promise.all([runtimes(), runtimes()])).toEqual([['4.5.0'], ['4.5.0']])
  const refusing = createRuntimes(async () => {
    if (known) throw new Error('refused')
    known = true
    return ['4.4.1']
  })
  let known = false
  await refusing()
  expect(await refusing()).toEqual(['4.4.1'])
})

it('says so when it never knew', async () => {
  const runtimes = createRuntimes(() => Promise.reject(new Error('no engine')))
  await expect(runtimes()).rejects.toThrow('no engine')
})
