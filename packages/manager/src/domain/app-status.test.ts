import { describe, expect, it } from 'vitest'
import type { ObservedWorkload, Replica } from '../spawner/spawner.ts'
import { appStatus, type StatusFacts } from './app-status.ts'

const facts = (over: Partial<StatusFacts>): StatusFacts => ({
  desiredState: 'running',
  live: undefined,
  newest: undefined,
  observed: undefined,
  unknownSince: undefined,
  ...over,
})
const replica = (health: Replica['health'], restarts = 0): Replica => ({
  ...{ id: 'r', index: 1, generation: 1, release: 1, specHash: 'x' },
  health,
  restarts,
  isRouted: health === 'healthy',
  isDraining: false,
})
const observed = (...replicas: Replica[]): ObservedWorkload => ({
  appId: 'a',
  phase: 'available',
  generation: 1,
  replicas,
})
const live = { generation: 1, release: 1, replicas: 1 }
const at = '2026-01-01T00:00:00.000Z'
const death = { at, replicaId: 'r', kind: 'exit' as const, exitCode: 3, outOfMemory: false, lastLines: [] }
const looping = { seen: { r: 6 }, deaths: [at, at], loopSince: at, last: death }
const newest: NonNullable<StatusFacts['newest']> = { kind: 'deploy', status: 'live', release: 1, failure: null }
const failure = { code: 'code-does-not-load' as const, detail: 'Error', lastLines: [] }

describe('appStatus reaches every word', () => {
  it.each<[string, Partial<StatusFacts>]>([
    ['draft', { desiredState: 'stopped' }],
    ['stopped', { desiredState: 'stopped', newest: { ...newest, kind: 'stop', status: 'stopped' } }],
    ['starting', { newest: { ...newest, status: 'verifying' } }],
    ['running', { live, newest, observed: observed(replica('healthy')) }],
    [
      'degraded',
      { live: { ...live, replicas: 2 }, newest, observed: observed(replica('healthy'), replica('unhealthy')) },
    ],
    ['crash-loop', { live: { ...live, crashes: looping }, newest, observed: observed(replica('exited', 6)) }],
    ['failed', { newest: { ...newest, status: 'failed', failure } }],
    ['unknown', { live, newest, unknownSince: '2026-01-01T00:00:00.000Z' }],
  ])('%s', (word, over) => {
    expect(appStatus(facts(over)).status).toBe(word)
  })

  it('says what visitors feel when a deployment failed beside a live one', () => {
    const seen = observed(replica('healthy'))
    const failed = { ...newest, status: 'failed' as const, release: 2, failure }
    expect(appStatus(facts({ live, newest: failed, observed: seen }))).toEqual({
      status: 'running',
      detail: 'v2 failed: the code does not load',
    })
  })

  it.each([
    [
      { crashes: looping, nextTryAt: '2026-01-01T12:05:00.000Z' },
      '2 deaths in ten minutes, exit code 3; next try at 12:05 UTC',
    ],
    [{ crashes: { ...looping, last: { ...death, outOfMemory: true } } }, '2 deaths in ten minutes, out of memory'],
    [{ crashes: { seen: {}, deaths: [at], last: death } }, 'It ended, exit code 3 and is started again'],
    [{}, 'It ended and is started again'],
  ])('says how it crashes: %j', (crashed, detail) => {
    const seen = observed(replica('exited', 1))
    expect(appStatus(facts({ live: { ...live, ...crashed }, newest, observed: seen })).detail).toBe(detail)
  })

  it('never says stopped when the engine does not answer', () => {
    const unknownSince = '2026-01-01T00:00:00.000Z'
    expect(appStatus(facts({ desiredState: 'stopped', newest, unknownSince })).status).toBe('unknown')
  })
})
