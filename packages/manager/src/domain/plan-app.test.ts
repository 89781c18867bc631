import { describe, expect, it } from 'vitest'
import type { ObservedWorkload, Replica, WorkloadSpec } from '../spawner/spawner.ts'
import { type DesiredApp, planApp, type Rollout } from './plan-app.ts'

const start = '2026-01-01T00:00:00.000Z'
const at = (seconds: number) => new Date(Date.parse(start) + seconds * 1_000)

const specOf = (generation: number): WorkloadSpec => ({
  appId: 'a',
  slug: 'hello',
  release: generation,
  generation,
  specHash: 'x',
  image: 'sha256:1',
  env: {},
  replicas: 1,
  resources: { memoryBytes: 1, cpuMillis: 1, pids: 1 },
  port: 6311,
  probe: { command: [], intervalMs: 1, startIntervalMs: 1, timeoutMs: 1, retries: 1, startBudgetMs: 1 },
  rollout: { deadlineMs: 60_000, bakeMs: 5_000 },
  drain: { limitMs: 1 },
  network: { name: 'n', subnet: 's', egress: 'internet' },
  route: {
    routeHash: 'r',
    hosts: [],
    entryPoint: 'web',
    limits: { openRequests: 1 },
    sandbox: true,
    reuseConnections: false,
  },
})

const rollout = (generation: number, status: Rollout['status'], times = {}): Rollout => ({
  deploymentId: `d${generation}`,
  status,
  spec: specOf(generation),
  times: { startedAt: start, ...times },
})

const desired = (over: Partial<DesiredApp> = {}): DesiredApp => ({
  appId: 'a',
  state: 'running',
  live: undefined,
  rollout: undefined,
  readyId: undefined,
  stopId: undefined,
  ...over,
})

const replica = (generation: number, health: Replica['health'], over: Partial<Replica> = {}): Replica => ({
  id: `r${generation}`,
  index: 1,
  generation,
  release: generation,
  specHash: 'x',
  health,
  restarts: 0,
  isRouted: health === 'healthy',
  isDraining: false,
  ...over,
})

const observed = (generation: number, ...replicas: Replica[]): ObservedWorkload => ({
  appId: 'a',
  phase: 'available',
  generation,
  replicas,
})

describe('planApp', () => {
  it('begins what is ready when nothing rolls out', () => {
    expect(planApp(desired({ readyId: 'd1' }), undefined, at(0))).toEqual([{ type: 'begin', deploymentId: 'd1' }])
  })

  it('keeps the live generation applied', () => {
    const live = rollout(1, 'live', { liveAt: start })
    expect(planApp(desired({ live }), observed(1, replica(1, 'healthy')), at(9))).toEqual([
      { type: 'apply', rollout: live },
    ])
  })

  it('walks a rollout from starting to live, one status a step', () => {
    const live = rollout(1, 'live', { liveAt: start })
    const plan = (status: Rollout['status'], times: object, seen: ObservedWorkload, seconds: number) =>
      planApp(desired({ live, rollout: rollout(2, status, times) }), seen, at(seconds)).map((action) =>
        action.type === 'advance' ? `${action.type} ${action.status}` : action.type,
      )
    const old = replica(1, 'healthy')
    const routed = { routedAt: at(3).toISOString() }
    expect(plan('starting', {}, observed(1, old), 1)).toEqual(['apply'])
    expect(plan('starting', {}, observed(1, old, replica(2, 'starting')), 1)).toEqual(['advance verifying', 'apply'])
    expect(plan('verifying', {}, observed(1, old, replica(2, 'starting')), 2)).toEqual(['apply'])
    expect(plan('verifying', {}, observed(1, old, replica(2, 'healthy')), 2)).toEqual(['advance switching', 'apply'])
    expect(plan('switching', {}, observed(1, old, replica(2, 'healthy')), 2)).toEqual(['apply'])
    expect(plan('switching', {}, observed(2, old, replica(2, 'healthy')), 3)).toEqual(['advance switching', 'apply'])
    expect(plan('switching', routed, observed(2, old, replica(2, 'healthy')), 7)).toEqual(['apply'])
    expect(plan('switching', routed, observed(2, old, replica(2, 'healthy')), 8)).toEqual(['live', 'apply'])
  })

  it('fails a generation that exits, and never touches the live one', () => {
    const live = rollout(1, 'live', { liveAt: start })
    const exit = { code: 1, outOfMemory: false, lastLines: ['Error: no'] }
    const dead = replica(2, 'exited', { exit })
    const rolling = rollout(2, 'verifying')
    expect(planApp(desired({ live, rollout: rolling }), observed(1, replica(1, 'healthy'), dead), at(1))).toEqual([
      { type: 'fail', rollout: rolling, failure: { code: 'code-does-not-load', replicaId: 'r2', exit } },
    ])
    // The row says failed now: its generation is a stranger.
    expect(planApp(desired({ live }), observed(1, replica(1, 'healthy'), dead), at(2))).toEqual([
      { type: 'discard', generation: 2 },
    ])
  })

  it('fails what is not healthy at its deadline', () => {
    const rolling = rollout(1, 'verifying')
    const seen = observed(0, replica(1, 'starting'))
    expect(planApp(desired({ rollout: rolling }), seen, at(60)).map(({ type }) => type)).toEqual(['apply'])
    expect(planApp(desired({ rollout: rolling }), seen, at(61))).toEqual([
      { type: 'fail', rollout: rolling, failure: { code: 'never-healthy', replicaId: 'r1' } },
    ])
  })

  it('bakes anew what falls ill before it is live', () => {
    const rolling = rollout(1, 'switching', { routedAt: at(3).toISOString() })
    const [step] = planApp(desired({ rollout: rolling }), observed(1, replica(1, 'unhealthy')), at(5))
    expect(step).toEqual({ type: 'advance', deploymentId: 'd1', status: 'switching', times: { startedAt: start } })
    const late = planApp(desired({ rollout: rolling }), observed(1, replica(1, 'unhealthy')), at(61))
    expect(late).toMatchObject([{ type: 'fail', failure: { code: 'never-healthy' } }])
  })

  it('goes on with a healthy generation when the manager was away past the deadline', () => {
    const rolling = rollout(2, 'verifying')
    const seen = observed(2, replica(1, 'healthy'), replica(2, 'healthy'))
    const live = rollout(1, 'live', { liveAt: start })
    expect(planApp(desired({ live, rollout: rolling }), seen, at(600)).map(({ type }) => type)).toEqual([
      'advance',
      'apply',
    ])
  })

  it('leaves older generations to the live one, which drains them', () => {
    const live = rollout(2, 'live', { liveAt: start })
    const seen = observed(2, replica(1, 'healthy'), replica(2, 'healthy'))
    expect(planApp(desired({ live }), seen, at(9))).toEqual([{ type: 'apply', rollout: live }])
  })

  it('stops, then says so; deletes, then purges', () => {
    const seen = observed(1, replica(1, 'healthy'))
    const live = rollout(1, 'live')
    expect(planApp(desired({ state: 'stopped', live, stopId: 's' }), seen, at(0))).toEqual([
      { type: 'remove', graceMs: 10_000 },
    ])
    expect(planApp(desired({ state: 'stopped', live, stopId: 's' }), undefined, at(0))).toEqual([
      { type: 'stopped', deploymentId: 's' },
    ])
    expect(planApp(desired({ state: 'stopped' }), undefined, at(0))).toEqual([])
    expect(planApp(desired({ state: 'deleted' }), undefined, at(0))).toEqual([{ type: 'purge' }])
  })
})
