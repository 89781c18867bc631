import { describe, expect, it } from 'vitest'
import { type AppContainer, healthOf } from './app-container.ts'
import { detailsOf } from './container-details.ts'
import { type AppFacts, markRouted, observeApp } from './observe.ts'
import type { ProxyRoutes } from './traefik-api.ts'
import { longestUptimeMs } from './uptime.ts'

const appId = '3f2a9c41-7d0e-4b1a-9a55-0c9c52f1aa10'
const network = `rsp-net-${appId}`
const container = (generation: number, change: Partial<AppContainer> = {}): AppContainer => ({
  appId,
  slug: 'hello',
  release: generation,
  generation,
  specHash: 'aaaaaaaaaaaaaaaa',
  routeHash: 'bbbbbbbbbbbbbbbb',
  index: 1,
  id: `id-${generation}`,
  name: `rsp-3f2a9c41-g${generation}-1`,
  state: 'running',
  health: 'healthy',
  restarts: 0,
  startedAt: undefined,
  isPromoted: false,
  isStopping: false,
  isDraining: false,
  stopTimeoutSeconds: 15,
  routers: [`app-g${generation}@docker`, `app-g${generation}-slash@docker`],
  services: [`app-g${generation}@docker`],
  networks: { [network]: 'net-1' },
  address: `10.213.128.${generation}`,
  isRouted: undefined,
  sessions: undefined,
  exit: undefined,
  ...change,
})
const proxies = [{ id: 'proxy', isRunning: true, networks: ['rsp-edge', network] }]
const routed = (...generations: number[]): ProxyRoutes => ({
  routers: new Set(generations.flatMap((one) => [`app-g${one}@docker`, `app-g${one}-slash@docker`])),
  addresses: new Map(generations.map((one) => [`app-g${one}@docker`, new Set([`10.213.128.${one}`])])),
})
const app = (...containers: AppContainer[]): AppFacts => ({ appId, containers, network, lastLines: new Map() })

describe('the generation that takes requests', () => {
  const both = [container(1, { isPromoted: true }), container(2)]
  const generationOf = (containers: AppContainer[], routes: ProxyRoutes | undefined, seen = proxies) =>
    observeApp(app(...markRouted(containers, seen, routes))).generation

  it('is the highest that the proxy has enabled completely', () => {
    expect(generationOf(both, routed(1, 2))).toBe(2)
    expect(generationOf(both, routed(1))).toBe(1)
    const half = { ...routed(1, 2), routers: new Set(['app-g1@docker', 'app-g2@docker']) }
    expect(generationOf(both, half)).toBe(0)
  })

  it('has its replicas among the servers', () => {
    const elsewhere = { ...routed(1, 2), addresses: new Map([['app-g2@docker', new Set(['10.213.128.9'])]]) }
    expect(generationOf(both, elsewhere)).toBe(0)
    const replicas = [container(2), container(2, { id: 'id-3', index: 2, address: '10.213.128.3' })]
    expect(observeApp(app(...markRouted(replicas, proxies, routed(2)))).replicas).toMatchObject([
      { index: 1, isRouted: true },
      { index: 2, isRouted: false },
    ])
  })

  it('falls back with the proxy when the newer one is not healthy', () => {
    expect(generationOf([container(1), container(2, { health: 'unhealthy' })], routed(1, 2))).toBe(1)
  })

  it('is none while the proxy is not on the network', () => {
    expect(generationOf(both, routed(1, 2), [{ id: 'proxy', isRunning: true, networks: ['rsp-edge'] }])).toBe(0)
  })

  it('stays with the one that was live while the API is silent', () => {
    expect(generationOf(both, undefined)).toBe(1)
  })
})

it.each([
  ['absent', undefined, []],
  ['pending', network, []],
  ['pending', network, [container(1, { state: 'created', health: 'starting' })]],
  ['progressing', network, [container(1), container(2, { health: 'starting' })]],
  ['available', network, [container(1)]],
  ['draining', network, [container(1, { isStopping: true })]],
  ['degraded', network, [container(1), container(2, { state: 'exited', health: 'exited' })]],
  ['failed', network, [container(2, { state: 'exited', health: 'exited' })]],
])('is %s', (phase, name, containers) => {
  expect(observeApp({ ...app(...containers), network: name }).phase).toBe(phase)
})

it('tells how a replica ended', () => {
  const ended = container(1, {
    state: 'exited',
    health: 'exited',
    exit: { code: 1, outOfMemory: false, reason: undefined },
  })
  const facts = { ...app(ended), lastLines: new Map([['id-1', ['Error: no']]]) }
  expect(observeApp(facts)).toEqual({
    appId,
    phase: 'failed',
    generation: 0,
    replicas: [
      {
        id: 'id-1',
        index: 1,
        generation: 1,
        release: 1,
        specHash: 'aaaaaaaaaaaaaaaa',
        health: 'exited',
        restarts: 0,
        isRouted: false,
        isDraining: false,
        exit: { code: 1, outOfMemory: false, lastLines: ['Error: no'] },
      },
    ],
  })
})

it.each([
  ['running', 'Up 5 seconds (healthy)', 'healthy'],
  ['running', 'Up 5 seconds (unhealthy)', 'unhealthy'],
  ['running', 'Up 5 seconds (health: starting)', 'starting'],
  ['running', 'Up 5 seconds', 'starting'],
  ['paused', 'Up 5 minutes (Paused)', 'unhealthy'],
  ['created', 'Created', 'starting'],
  ['exited', 'Exited (1) 2 seconds ago', 'exited'],
  ['restarting', 'Restarting (1) 2 seconds ago', 'exited'],
] as const)('reads the health of %s, "%s" as %s', (state, status, health) => {
  expect(healthOf(state, status)).toBe(health)
})

it('takes only a killed first process for out of memory', () => {
  const inspected = (ExitCode: number, OOMKilled: boolean, Status = 'exited') => ({
    State: { Status, OOMKilled, ExitCode, Error: '', StartedAt: '2025-01-01T00:00:00.5Z' },
    RestartCount: 2,
    HostConfig: { RestartPolicy: { Name: 'unless-stopped' } },
    Config: { StopTimeout: 25 },
  })
  expect(detailsOf(inspected(137, true))).toEqual({
    startedAt: '2025-01-01T00:00:00.5Z',
    restarts: 2,
    isPromoted: true,
    isDraining: false,
    stopTimeoutSeconds: 25,
    exit: { code: 137, outOfMemory: true, reason: undefined },
  })
  expect(detailsOf(inspected(1, true)).exit?.outOfMemory).toBe(false)
  expect(detailsOf(inspected(137, false)).exit?.outOfMemory).toBe(false)
  expect(detailsOf(inspected(0, true, 'running')).exit).toBeUndefined()
})

it.each([
  ['Up Less than a second', 1_000],
  ['Up 1 second', 2_000],
  ['Up 59 seconds (healthy)', 60_000],
  ['Up About a minute (healthy)', 120_000],
  ['Up About an hour', 7_200_000],
  ['Up 3 days (unhealthy)', 4 * 86_400_000],
  ['Exited (1) 5 seconds ago', undefined],
])('bounds the uptime of "%s"', (status, longest) => {
  expect(longestUptimeMs(status)).toBe(longest)
})
