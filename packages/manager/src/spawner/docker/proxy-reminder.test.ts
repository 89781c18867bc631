import { createServer } from 'node:http'
import Docker from 'dockerode'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { AppContainer } from './app-container.ts'
import { createProxyReminder } from './proxy-reminder.ts'

// An engine with one socket proxy, which writes down what it is asked to do.

const asked: string[] = []
const engine = createServer(({ method, url = '' }, response) => {
  const path = url.split('?')[0]?.replace(/^\/v[\d.]+/, '')
  if (method === 'POST') asked.push(path ?? '')
  response.writeHead(method === 'POST' ? 204 : 200, { 'content-type': 'application/json' })
  response.end(method === 'POST' ? '' : JSON.stringify([{ Id: 'socket-proxy' }]))
})
let docker: Docker
let time = 0

beforeAll(async () => {
  await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve))
  const address = engine.address()
  docker = new Docker({ protocol: 'http', host: '127.0.0.1', port: Object(address).port })
})
afterAll(() => engine.close())
beforeEach(() => {
  asked.length = 0
})

const proxies = [{ id: 'traefik', isRunning: true, networks: ['net'] }]
const container = (change: Partial<AppContainer> = {}): AppContainer => ({
  ...{ id: 'a', appId: 'app', slug: 's', release: 1, generation: 1, specHash: 'h', routeHash: 'r', index: 1 },
  ...{ name: 'n', state: 'running', health: 'healthy', restarts: 0, startedAt: undefined, isPromoted: true },
  ...{
    isStopping: false,
    stopTimeoutSeconds: 1,
    isDraining: false,
    routers: [],
    services: [],
    networks: { net: 'id' },
  },
  ...{ address: '10.0.0.2', isRouted: false, sessions: undefined, exit: undefined },
  ...change,
})

function reminder() {
  time = 0
  const log = { warn: () => undefined, info: () => undefined, error: () => undefined, debug: () => undefined }
  const { look } = createProxyReminder({ docker, instance: 'i', now: () => time, log })
  return async (at: number, ...containers: AppContainer[]) => {
    time = at
    await look(containers, proxies, AbortSignal.timeout(5_000))
    return asked.length
  }
}

it('restarts its way to the engine when it overlooks a healthy container for ten seconds, and not again at once', async () => {
  const look = reminder()
  expect(await look(0, container())).toBe(0)
  expect(await look(9_000, container())).toBe(0)
  expect(await look(10_000, container())).toBe(1)
  expect(asked).toEqual(['/containers/socket-proxy/restart'])
  expect(await look(35_000, container())).toBe(1)
  expect(await look(40_000, container())).toBe(2)
})

it('leaves it alone over what it routes, cannot reach, should not route, or did not tell', async () => {
  const fine = [
    { isRouted: true },
    { networks: { other: 'id' } },
    { health: 'starting' as const },
    { isRouted: undefined },
  ]
  for (const change of fine) {
    const look = reminder()
    await look(0, container(change))
    expect(await look(60_000, container(change))).toBe(0)
  }
})

it('counts anew when it was routed in between', async () => {
  const look = reminder()
  await look(0, container())
  await look(9_000, container({ isRouted: true }))
  expect(await look(11_000, container())).toBe(0)
})
