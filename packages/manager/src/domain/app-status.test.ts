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
    ['crash-loop', { live, newest, observed: observed(replica('starting', 4)) }],
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

  it('never says stopped when the engine does not answer', () => {
    const unknownSince = '2026-01-01T00:00:00.000Z'
    expect(appStatus(facts({ desiredState: 'stopped', newest, unknownSince })).status).toBe('unknown')
  })
})
