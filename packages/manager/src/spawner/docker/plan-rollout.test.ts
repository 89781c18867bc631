import { describe, expect, it } from 'vitest'
import type { PhaseTimes, WorkloadSpec } from '../spawner.ts'
import type { AppContainer } from './app-container.ts'
import { type ObservedRollout, planRollout as plan, isSettled as settled } from './plan-rollout.ts'

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
    isDraining: false,
    stopTimeoutSeconds: 15,
    routers: [],
    services: [],
    networks: { [`rsp-net-${appId}`]: 'net-1' },
    address: '10.213.128.3',
    isRouted: undefined,
    sessions: undefined,
    exit: undefined,
    ...change,
  }
}

const engine = (...containers: AppContainer[]): ObservedRollout => ({
  containers,
  network: { id: 'net-1', proxies: 1, detachedProxies: 0, others: [] },
})

const startedMs = Date.parse(starting.startedAt)
const planRollout = (desired: WorkloadSpec, observed: ObservedRollout, times: PhaseTimes, afterMs = 0) =>
  plan({ desired, observed, times, now: startedMs + afterMs })
const isSettled = (desired: WorkloadSpec, observed: ObservedRollout, times: PhaseTimes) =>
  settled({ desired, observed, times, now: startedMs })

it('makes the network, then the replicas, then starts all of them at once', () => {
  const empty = { containers: [], network: { id: undefined, proxies: 1, detachedProxies: 1, others: [] } }
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

it('takes the network of another egress away with the last replica on it', () => {
  const other = `rsp-net-${appId}-none`
  const observed = (...containers: AppContainer[]) => ({
    containers,
    network: { id: 'net-1', proxies: 1, detachedProxies: 0, others: [other] },
  })
  const serving = container({ generation: 2, isPromoted: true, name: 'new' })
  const drained = container({ id: 'old', generation: 1, state: 'exited', networks: { [other]: 'net-0' } })
  expect(planRollout(spec(), observed(serving), starting)).toEqual([])
  expect(planRollout(spec(), observed(serving, drained), live)).toEqual([{ type: 'remove', container: drained }])
  expect(planRollout(spec(), observed(serving), live)).toEqual([{ type: 'remove-network', name: other }])
})

it('joins a proxy that has lost the network', () => {
  const observed = { containers: [container()], network: { id: 'net-1', proxies: 1, detachedProxies: 1, others: [] } }
  expect(planRollout(spec(), observed, starting)).toEqual([{ type: 'ensure-network' }])
})

it('creates nothing that no proxy could reach', () => {
  const observed = { containers: [], network: { id: 'net-1', proxies: 0, detachedProxies: 0, others: [] } }
  expect(() => planRollout(spec(), observed, starting)).toThrow(expect.objectContaining({ code: 'unavailable' }))
})

it('leaves running replicas alone while the proxy is away', () => {
  const observed = { containers: [container()], network: { id: 'net-1', proxies: 0, detachedProxies: 0, others: [] } }
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
  const old = container({ generation: 1, isPromoted: true, sessions: 0 })
  const fresh = container()
  expect(planRollout(spec(), engine(old, fresh), starting)).toEqual([])
  expect(planRollout(spec(), engine(old, fresh), live)).toEqual([
    { type: 'promote', container: fresh },
    { type: 'stop', container: old },
  ])
})

it('keeps the old generation while the live one is not healthy', () => {
  const old = container({ generation: 1, isPromoted: true, sessions: 0 })
  const sick = container({ health: 'unhealthy', isPromoted: true })
  expect(planRollout(spec(), engine(old, sick), live, 3_600_000)).toEqual([{ type: 'restart', container: sick }])
})

it('asks once for a stop, and removes what has ended', () => {
  const fresh = container({ isPromoted: true })
  const draining = container({ generation: 1, isStopping: true, sessions: 0 })
  const ended = container({ generation: 1, state: 'exited', health: 'exited' })
  expect(planRollout(spec(), engine(draining, fresh), live)).toEqual([])
  expect(isSettled(spec(), engine(draining, fresh), live)).toBe(false)
  expect(planRollout(spec(), engine(ended, fresh), live)).toEqual([{ type: 'remove', container: ended }])
  expect(isSettled(spec(), engine(fresh), live)).toBe(true)
})

it('is not settled before the caller declared it live', () => {
  expect(isSettled(spec(), engine(container()), starting)).toBe(false)
})

describe('a drain', () => {
  const fresh = container({ isPromoted: true })
  const old = (sessions: number | undefined) => container({ generation: 1, isPromoted: true, sessions })
  const stop = (drained: AppContainer) => [{ type: 'stop', container: drained }]

  it('waits for the sessions of an older generation, and no longer than its limit', () => {
    expect(planRollout(spec(), engine(old(2), fresh), live, 19_999)).toEqual([])
    expect(planRollout(spec(), engine(old(0), fresh), live, 1)).toEqual(stop(old(0)))
    expect(planRollout(spec(), engine(old(2), fresh), live, 20_000)).toEqual(stop(old(2)))
  })

  it('takes a count that is not known for some', () => {
    expect(planRollout(spec(), engine(old(undefined), fresh), live, 1)).toEqual([])
  })

  it('is counted from where it began, however many deployments followed', () => {
    const third = { ...live, liveAt: new Date(startedMs + 15_000).toISOString(), drains: { 1: starting.startedAt } }
    expect(planRollout(spec(), engine(old(1), fresh), third, 20_000)).toEqual(stop(old(1)))
    expect(planRollout(spec(), engine(old(1), fresh), { ...third, drains: {} }, 20_000)).toEqual([])
  })

  it('ends when the owner says so, but not one that began later', () => {
    const ended = { ...live, drainEndedAt: new Date(startedMs + 1).toISOString() }
    expect(planRollout(spec(), engine(old(1), fresh), ended, 2)).toEqual(stop(old(1)))
    const later = { ...ended, drains: { 1: new Date(startedMs + 5).toISOString() } }
    expect(planRollout(spec(), engine(old(1), fresh), later, 6)).toEqual([])
  })

  it('takes a surplus replica out of the route before it counts', () => {
    const surplus = (change: Partial<AppContainer>) => container({ index: 2, isPromoted: true, ...change })
    const step = (change: Partial<AppContainer>, afterMs = 0) =>
      planRollout(spec(), engine(fresh, surplus(change)), { ...live, scaledInAt: starting.startedAt }, afterMs)
    const marked = { isDraining: true, health: 'unhealthy' } as const
    expect(step({ sessions: 0 })).toEqual([{ type: 'drain', container: surplus({ sessions: 0 }) }])
    expect(step({ ...marked, sessions: 0, isRouted: true })).toEqual([])
    expect(step({ ...marked, sessions: 0 })).toEqual([])
    expect(step({ ...marked, sessions: 1, isRouted: false })).toEqual([])
    const idle = { ...marked, sessions: 0, isRouted: false }
    expect(step(idle)).toEqual(stop(surplus(idle)))
    expect(step({ health: 'starting' })).toEqual(stop(surplus({ health: 'starting' })))
  })

  it('leaves the route also when its time is over, and stops at last when the proxy is silent', () => {
    const surplus = (change: Partial<AppContainer>) => container({ index: 2, isPromoted: true, sessions: 3, ...change })
    const step = (change: Partial<AppContainer>, afterMs: number) =>
      planRollout(spec(), engine(fresh, surplus(change)), { ...live, scaledInAt: starting.startedAt }, afterMs)
    const marked = { isDraining: true, health: 'unhealthy' } as const
    expect(step({}, 40_000)).toEqual([{ type: 'drain', container: surplus({}) }])
    expect(step({ ...marked, isRouted: true }, 40_000)).toEqual([])
    const out = { ...marked, isRouted: false }
    expect(step(out, 40_000)).toEqual(stop(surplus(out)))
    expect(step({ ...marked, isRouted: true }, 60_000)).toEqual([])
    expect(step(marked, 59_000)).toEqual([])
    expect(step(marked, 60_000)).toEqual(stop(surplus(marked)))
  })

  it('is taken back when the replica is wanted again', () => {
    const marked = container({ isPromoted: true, isDraining: true, health: 'unhealthy' })
    expect(planRollout(spec(), engine(marked), live)).toEqual([{ type: 'undrain', container: marked }])
  })
})

describe('a repair', () => {
  it('wakes what was paused', () => {
    const paused = container({ state: 'paused', health: 'unhealthy', isPromoted: true })
    expect(planRollout(spec(), engine(paused), live)).toEqual([{ type: 'unpause', container: paused }])
  })

  it('restarts what stopped answering, once, and only when it is live', () => {
    const sick = container({ health: 'unhealthy', isPromoted: true })
    expect(planRollout(spec(), engine(sick), live)).toEqual([{ type: 'restart', container: sick }])
    expect(planRollout(spec(), engine({ ...sick, isStopping: true }), live)).toEqual([])
    expect(planRollout(spec(), engine(sick), starting)).toEqual([])
  })

  const lostNetworks: Record<string, string>[] = [{}, { [`rsp-net-${appId}`]: 'net-0' }]
  it.each(lostNetworks)('replaces one that is only on %j', (networks) => {
    const lost = container({ isPromoted: true, networks })
    expect(planRollout(spec(), engine(lost), live)).toEqual([
      { type: 'remove', container: lost },
      { type: 'create', index: 1 },
      { type: 'start', containers: [lost.name] },
    ])
  })

  it('makes a deleted network anew, and what was on it', () => {
    const lost = container({ isPromoted: true })
    const observed = { containers: [lost], network: { id: undefined, proxies: 1, detachedProxies: 1, others: [] } }
    expect(planRollout(spec(), observed, live).map(({ type }) => type)).toEqual([
      'ensure-network',
      'remove',
      'create',
      'start',
    ])
  })
})

describe('a crash loop', () => {
  const exit = { code: 1, outOfMemory: false, reason: undefined }
  const held = { ...live, holdUntil: new Date(startedMs + 300_000).toISOString() }
  const crashed = container({ state: 'exited', health: 'exited', exit })

  it('takes the restarts from the engine, and tries when it is time', () => {
    const restarting = container({ state: 'restarting', health: 'exited', isPromoted: true, exit })
    expect(planRollout(spec(), engine(restarting), held)).toEqual([{ type: 'demote', container: restarting }])
    expect(planRollout(spec(), engine(crashed), held, 299_999)).toEqual([])
    expect(planRollout(spec(), engine(crashed), held, 300_000)).toEqual([{ type: 'start', containers: [crashed.name] }])
  })

  it('ends with the engine in charge again', () => {
    const well = container()
    expect(planRollout(spec(), engine(well), held, 1)).toEqual([])
    expect(planRollout(spec(), engine(well), live, 1)).toEqual([{ type: 'promote', container: well }])
  })
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
