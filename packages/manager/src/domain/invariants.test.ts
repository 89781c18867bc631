import { expect, it } from 'vitest'
import { appId, specOf } from '../../test/rollout/rollout-fixtures.ts'
import type { ObservedWorkload, Replica } from '../spawner/spawner.ts'
import { driftOf, type Snapshot } from './invariants.ts'
import type { DesiredApp, Rollout } from './plan-app.ts'

const rolloutOf = (generation: number, replicas = 1): Rollout => ({
  deploymentId: `d${generation}`,
  status: 'live',
  spec: specOf(generation, replicas),
  times: { startedAt: '2026-01-01T00:00:00.000Z' },
})
const app = (change: Partial<DesiredApp> = {}): DesiredApp => ({
  ...{ appId, state: 'running', live: rolloutOf(1), rollout: undefined, readyId: undefined, stopId: undefined },
  ...change,
})
const replica = (change: Partial<Replica> = {}): Replica => ({
  ...{ id: 'r', index: 1, generation: 1, release: 1, specHash: 'x', health: 'healthy' },
  ...{ isRouted: true, isDraining: false, restarts: 0 },
  ...change,
})
const workload = (replicas: Replica[], change: Partial<ObservedWorkload> = {}): ObservedWorkload => ({
  ...{ appId, phase: 'available', generation: 1, replicas },
  ...change,
})
const codes = (change: Partial<Snapshot>) =>
  driftOf({ desired: [app()], active: [], observed: [workload([replica()])], template: [], ...change }).map(
    ({ code }) => code,
  )

it('is nothing when what runs is what is asked for', () => {
  expect(codes({})).toEqual([])
  expect(codes({ desired: [app({ state: 'stopped', live: undefined })], observed: [] })).toEqual([])
  expect(codes({ desired: [app({ live: undefined })], observed: [] })).toEqual([])
})

it('is explained by a crash loop, a rollout and a stop that are under way', () => {
  const looping = { ...rolloutOf(1), crashes: { seen: {}, deaths: [], loopSince: '2026-01-01T00:00:00.000Z' } }
  const dead = workload([replica({ health: 'exited' })])
  expect(codes({ desired: [app({ live: looping })], observed: [dead] })).toEqual([])
  const both = workload([replica(), replica({ generation: 2 })], { generation: 2 })
  expect(codes({ desired: [app({ rollout: rolloutOf(2) })], observed: [both] })).toEqual([])
  expect(codes({ desired: [app({ state: 'stopped', stopId: 'd9' })] })).toEqual([])
})

it.each<[string, Partial<Snapshot>]>([
  ['replicas', { desired: [app({ live: rolloutOf(1, 2) })] }],
  ['replicas', { observed: [workload([replica({ health: 'unhealthy' })])] }],
  ['serving', { observed: [workload([replica()], { generation: 0 })] }],
  ['generation', { observed: [workload([replica(), replica({ generation: 2 })])] }],
  ['not-stopped', { desired: [app({ state: 'stopped' })] }],
  ['no-row', { desired: [] }],
  ['template', { template: [{ appId, replicaId: 'r', text: 'is privileged' }] }],
  ['two-live', { active: [1, 2].map(() => ({ appId, isLive: true, isRollingOut: false })) }],
  ['two-rollouts', { active: [1, 2].map(() => ({ appId, isLive: false, isRollingOut: true })) }],
])('names %s', (code, change) => {
  expect(codes(change)).toEqual([code])
})
