import { describe, expect, it } from 'vitest'
import type { PhaseTimes, Replica } from '../spawner/spawner.ts'
import { type Crashes, countCrashes, retryMs, windowMs } from './crashes.ts'

const start = Date.parse('2026-01-01T00:00:00.000Z')
const iso = (ms: number) => new Date(start + ms).toISOString()
const live: PhaseTimes = { startedAt: iso(0), liveAt: iso(0) }
const replica = (restarts: number, change: Partial<Replica> = {}): Replica => ({
  ...{ id: 'r', index: 1, generation: 1, release: 1, specHash: 'x', isRouted: true, isDraining: false },
  health: 'healthy',
  restarts,
  ...change,
})
const look = (known: Crashes | undefined, replicas: Replica[], ms: number, times = live) =>
  countCrashes({ known, times, replicas, wanted: 1, now: new Date(start + ms) })

it('adds nothing while nothing dies', () => {
  expect(look(undefined, [replica(0)], 0)).toBeUndefined()
  expect(look({ seen: { r: 2 }, deaths: [iso(0), iso(1)] }, [replica(2)], 5)).toBeUndefined()
})

it('counts restarts, each once, and forgets them after ten minutes', () => {
  const first = look(undefined, [replica(2)], 1_000)
  expect(first).toEqual({ crashes: { seen: { r: 2 }, deaths: [iso(1_000), iso(1_000)] }, holdUntil: undefined })
  const later = windowMs + 1_000
  expect(look(first?.crashes, [replica(3)], later)?.crashes).toEqual({ seen: { r: 3 }, deaths: [iso(later)] })
})

it('notes that the engine began to count anew', () => {
  const known = { seen: { r: 4 }, deaths: [iso(0)] }
  expect(look(known, [replica(0)], 1_000)?.crashes).toEqual({ seen: { r: 0 }, deaths: [iso(0)] })
})

describe('a crash loop', () => {
  const dead = (restarts: number, change: Partial<Replica> = {}) => replica(restarts, { health: 'exited', ...change })
  const begun = look({ seen: { r: 5 }, deaths: Array.from({ length: 5 }, () => iso(0)) }, [dead(6)], 1_000)
  const looping = begun?.crashes
  const held = { ...live, holdUntil: iso(1_000 + retryMs) }

  it('begins with the sixth death in ten minutes', () => {
    expect(begun).toMatchObject({ crashes: { loopSince: iso(1_000) }, holdUntil: held.holdUntil })
    expect(look(undefined, [dead(6)], 1_000)?.crashes.loopSince).toBe(iso(1_000))
    expect(look(undefined, [dead(5)], 1_000)?.crashes.loopSince).toBeUndefined()
  })

  it('tries once, and again five minutes after that try', () => {
    const due = 1_000 + retryMs
    expect(look(looping, [dead(6)], 2_000, held)).toBeUndefined()
    expect(look(looping, [dead(6)], due, held)).toBeUndefined()
    const tried = dead(6, { startedAt: iso(due + 100) })
    expect(look(looping, [tried], due + 5_000, held)?.holdUntil).toBe(iso(due + 5_000 + retryMs))
  })

  it('is over after ten healthy minutes, and not before', () => {
    const well = look(looping, [replica(6)], 400_000, held)
    expect(well?.crashes.healthySince).toBe(iso(400_000))
    expect(look(well?.crashes, [replica(6)], 400_000 + windowMs - 1, held)).toBeUndefined()
    expect(look(well?.crashes, [dead(6)], 500_000, held)?.crashes.healthySince).toBeUndefined()
    expect(look(well?.crashes, [replica(6)], 400_000 + windowMs, held)).toEqual({
      crashes: { seen: { r: 6 }, deaths: [] },
      holdUntil: undefined,
    })
  })
})
