import { expect, it } from 'vitest'
import { parseFunctions } from './app-functions.ts'

it('reads functions with their arguments', () => {
  const add = {
    name: 'add',
    arguments: [
      { name: 'a', required: true },
      { name: 'b', required: false, default: '2', type: 'number' },
    ],
  }
  expect(parseFunctions(JSON.stringify([add, { name: 'none', arguments: [] }]))).toEqual([
    add,
    { name: 'none', arguments: [] },
  ])
})

it.each(['', '{}', 'null', '[[['])('is none: %s', (text) => {
  expect(parseFunctions(text)).toBeUndefined()
})

it('leaves out what the app may have written there itself', () => {
  const odd = [
    ...[null, 1, { name: 1, arguments: [] }, { name: 'x' }, { name: 'a\0', arguments: [] }],
    { name: 'f', arguments: [{ name: 'a' }, { name: 'b', required: true, type: 'code', more: 1 }] },
  ]
  expect(parseFunctions(JSON.stringify(odd))).toEqual([{ name: 'f', arguments: [{ name: 'b', required: true }] }])
})
