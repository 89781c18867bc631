import { expect, it } from 'vitest'
import type { PhaseTimes, WorkloadSpec } from '../spawner.ts'
import type { AppContainer } from './app-container.ts'
import { isSettled, type ObservedRollout, planRollout } from './plan-rollout.ts'

const appId = '3f2a9c41-7d0e-4b1a-9a55-0c9c52f1aa10'
const starting: PhaseTimes = { startedAt: '2025-01-01T00:00:00.000Z' }
const live: PhaseTimes = { ...starting, routedAt: starting.startedAt, liveAt: starting.startedAt }

const spec = (change: Partial<WorkloadSpec> = {}): WorkloadSpec => ({
  appId,
  slug: 'hello',
  release: 7,
  generation: 2,
  specHash: 'aaaaaaaaaaaaaaaa',
  image: `sha256:${'0'.repeat(64)}`,
  env: {},
  replicas: 1,
  resources: { memoryBytes: 1024, cpuMillis: 1000, pids: 256 },
  port: 6311,
  probe: { command: ['true'], intervalMs: 1, startIntervalMs: 1, timeoutMs: 1, retries: 3, startBudgetMs: 1 },
  rollout: { deadlineMs: 1, bakeMs: 1 },
  drain: { limitMs: 20_000 },
  network: { name: `rsp-net-${appId}`, subnet: '10.213.128.0/27', egress: 'internet' },
  route: {
    routeHash: 'bbbbbbbbbbbbbbbb',
    hosts: ['localhost'],
    entryPoint: 'web',
    limits: { openRequests: 200 },
    sandbox: true,
    reuseConnections: false,
  },
  ...change,
})

const container = (change: Partial<AppContainer> = {}): AppContainer => {
  const { generation = 2, index = 1 } = change
  return {
    appId,
    slug: 'hello',
    release: 7,
    generation,
    specHash: 'aaaaaaaaaaaaaaaa',
    routeHash: 'bbbbbbbbbbbbbbbb',
    index,
    id: `id-g${generation}-${index}`,
    name: `rsp-3f2a9c41-g${generation}-${index}`,
    state: 'running',
    health: 'healthy',
    restarts: 0,
    startedAt: starting.startedAt,
    isPromoted: false,
    isStopping: false,
    stopTimeoutSeconds: 25,
    routers: [],
    exit: undefined,
    ...change,
  }
}

const engine = (...containers: AppContainer[]): ObservedRollout => ({
  containers,
  network: { exists: true, proxies: 1, detachedProxies: 0 },
})

it('makes the network, then the replicas, then starts all of them at once', () => {
  const empty = { containers: [], network: { exists: false, proxies: 1, detachedProxies: 1 } }
  expect(planRollout(spec({ replicas: 2 }), empty, starting)).toEqual([
    { type: 'ensure-network' },
    { type: 'create', index: 1 },
    { type: 'create', index: 2 },
    { type: 'start', containers: ['rsp-3f2a9c41-g2-1', 'rsp-3f2a9c41-g2-2'] },
  ])
})

it('continues where a killed manager left off', () => {
  const created = container({ state: 'created', health: 'starting' })
  expect(planRollout(spec(), engine(created), starting)).toEqual([{ type: 'start', containers: [created.name] }])
})

it('does nothing while the replicas start', () => {
  expect(planRollout(spec(), engine(container({ health: 'starting' })), starting)).toEqual([])
})

it('joins a proxy that has lost the network', () => {
  const observed = { containers: [container()], network: { exists: true, proxies: 1, detachedProxies: 1 } }
  expect(planRollout(spec(), observed, starting)).toEqual([{ type: 'ensure-network' }])
})

it('creates nothing that no proxy could reach', () => {
  const observed = { containers: [], network: { exists: true, proxies: 0, detachedProxies: 0 } }
  expect(() => planRollout(spec(), observed, starting)).toThrow(expect.objectContaining({ code: 'unavailable' }))
})

it('leaves running replicas alone while the proxy is away', () => {
  const observed = { containers: [container()], network: { exists: true, proxies: 0, detachedProxies: 0 } }
  expect(planRollout(spec(), observed, starting)).toEqual([])
})

it('leaves an exit before live to the caller, and repairs it afterwards', () => {
  const exited = container({
    state: 'exited',
    health: 'exited',
    exit: { code: 1, outOfMemory: false, reason: undefined },
  })
  expect(planRollout(spec(), engine(exited), starting)).toEqual([])
  expect(planRollout(spec(), engine({ ...exited, isPromoted: true }), live)).toEqual([
    { type: 'start', containers: [exited.name] },
  ])
})

it('touches an older generation only after the new one is live', () => {
  const old = container({ generation: 1, isPromoted: true })
  const fresh = container()
  expect(planRollout(spec(), engine(old, fresh), starting)).toEqual([])
  expect(planRollout(spec(), engine(old, fresh), live)).toEqual([
    { type: 'promote', container: fresh },
    { type: 'stop', container: old },
  ])
})

it('keeps the old generation while the live one is not healthy', () => {
  const old = container({ generation: 1, isPromoted: true })
  const sick = container({ health: 'unhealthy', isPromoted: true })
  expect(planRollout(spec(), engine(old, sick), live)).toEqual([])
})

it('asks once for a stop, and removes what has ended', () => {
  const fresh = container({ isPromoted: true })
  const draining = container({ generation: 1, isStopping: true })
  const ended = container({ generation: 1, state: 'exited', health: 'exited' })
  expect(planRollout(spec(), engine(draining, fresh), live)).toEqual([])
  expect(isSettled(spec(), engine(draining, fresh), live)).toBe(false)
  expect(planRollout(spec(), engine(ended, fresh), live)).toEqual([{ type: 'remove', container: ended }])
  expect(isSettled(spec(), engine(fresh), live)).toBe(true)
})

it('is not settled before the caller declared it live', () => {
  expect(isSettled(spec(), engine(container()), starting)).toBe(false)
})

it('retires replicas beyond the wanted number', () => {
  const kept = container({ isPromoted: true })
  const surplus = container({ index: 2, isPromoted: true })
  expect(planRollout(spec(), engine(kept, surplus), live)).toEqual([{ type: 'stop', container: surplus }])
})

it('refuses an older generation', () => {
  const newer = container({ generation: 3 })
  expect(() => planRollout(spec(), engine(newer), starting)).toThrow(
    expect.objectContaining({ code: 'stale-generation' }),
  )
  expect(planRollout(spec(), engine(container(), { ...newer, state: 'removing', health: 'exited' }), starting)).toEqual(
    [],
  )
})

it.each([{ specHash: 'cccccccccccccccc' }, { routeHash: 'cccccccccccccccc' }])('refuses to reuse %j', (change) => {
  expect(() => planRollout(spec(), engine(container(change)), starting)).toThrow(
    expect.objectContaining({ code: 'name-taken' }),
  )
})
