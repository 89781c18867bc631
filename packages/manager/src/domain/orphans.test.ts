import { expect, it } from 'vitest'
import { findOrphans, type OrphansSince } from './orphans.ts'

const minutes = (count: number) => count * 60_000
const look = (onEngine: string[], known: string[], before: OrphansSince, elapsedMs: number) =>
  findOrphans({ onEngine, known: new Set(known), before, elapsedMs })

it('waits for two looks that are ten minutes apart', () => {
  const first = look(['a', 'lost'], ['a'], new Map(), minutes(1))
  expect(first).toEqual({ since: new Map([['lost', minutes(1)]]), due: [] })
  const second = look(['a', 'lost'], ['a'], first.since, minutes(10))
  expect(second.due).toEqual([])
  expect(look(['a', 'lost'], ['a'], second.since, minutes(11)).due).toEqual(['lost'])
})

it('begins anew for what was away, or known, in between', () => {
  const first = look(['x', 'y'], ['a'], new Map(), 0)
  const between = look(['y'], ['a', 'y'], first.since, minutes(5))
  expect(look(['x', 'y'], ['a'], between.since, minutes(12)).due).toEqual([])
})

it('takes an empty database for the wrong one', () => {
  const first = look(['x'], [], new Map(), 0)
  expect(first.since.has('x')).toBe(true)
  expect(look(['x'], [], first.since, minutes(60)).due).toEqual([])
})
