import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import Docker from 'dockerode'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { WorkloadSpec } from '../spawner.ts'
import { createDockerSpawner } from './docker-spawner.ts'

// What goes over the engine's socket: how often, and with what in the URL. The engine here answers from a table.

const appId = '3f2a9c41-7d0e-4b1a-9a55-0c9c52f1aa10'
const network = `rsp-net-${appId}`
const signal = AbortSignal.timeout(30_000)
const labels = { 'rserve-proxy.io/instance': 'i', 'rserve-proxy.io/managed': 'true', 'rserve-proxy.io/schema': '1' }
const app = {
  ...labels,
  'rserve-proxy.io/role': 'app',
  'rserve-proxy.io/app-id': appId,
  'rserve-proxy.io/generation': '4',
  'rserve-proxy.io/replica': '1',
}
const proxy = { 'rserve-proxy.io/instance': 'i', 'rserve-proxy.io/role': 'proxy' }

type Answer = (request: IncomingMessage, response: ServerResponse) => void
const json =
  (body: unknown, status = 200): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

const listed = (Id: string, Labels: Record<string, string>, Status: string) => ({
  Id,
  Labels,
  Status,
  State: 'running',
  Names: [`/${Id}`],
  NetworkSettings: { Networks: { [network]: {} } },
})
const inspected = (Labels: Record<string, string>, startedAt: string) => ({
  Config: { Labels, StopTimeout: 25 },
  HostConfig: { RestartPolicy: { Name: 'unless-stopped' } },
  RestartCount: 0,
  State: { Status: 'running', OOMKilled: false, ExitCode: 0, Error: '', StartedAt: startedAt },
})

let folder: string
let asked: { method: string; url: string; body: string }[]
let answers: [RegExp, Answer][]
let close: () => Promise<void>
let docker: Docker

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-'))
  asked = []
  const server = createServer(async (request, response) => {
    const question = `${request.method} ${request.url}`
    asked.push({ method: request.method ?? '', url: request.url ?? '', body: await text(request) })
    const answer = answers.find(([pattern]) => pattern.test(question))?.[1] ?? json({ message: question }, 404)
    answer(request, response)
  })
  const socketPath = join(folder, 'engine.sock')
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  docker = new Docker({ socketPath })
  close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})
afterEach(async () => {
  await close()
  await rm(folder, { recursive: true })
})

function spawner(now = Date.parse('2025-01-01T01:00:00Z')) {
  const quiet = () => undefined
  return createDockerSpawner({
    docker,
    instance: 'i',
    // Port 1: nobody answers, which no app may suffer from.
    traefik: { url: 'http://127.0.0.1:1', user: 'manager', password: 'none' },
    dataDir: '/',
    routeLabels: () => ({}),
    log: { error: quiet, warn: quiet, info: quiet, debug: quiet },
    now: () => now,
  })
}

const urls = () => asked.map(({ method, url }) => `${method} ${url.replace(/\?.*/, '')}`)

it('asks the engine twice for all apps, once it knows the containers', async () => {
  answers = [
    [
      /containers\/json/,
      json([listed('one', app, 'Up About an hour (healthy)'), listed('proxy', proxy, 'Up 2 hours')]),
    ],
    [/containers\/one\/json/, json(inspected(app, '2025-01-01T00:00:00Z'))],
    [/networks/, json([{ Name: network, Labels: { ...labels, 'rserve-proxy.io/app-id': appId } }])],
  ]
  const first = spawner()
  const seen = await first.list(signal)
  expect(seen).toMatchObject([{ appId, phase: 'available', generation: 4, replicas: [{ id: 'one', restarts: 0 }] }])
  expect(urls().toSorted()).toEqual(['GET /containers/json', 'GET /containers/one/json', 'GET /networks'])
  asked = []
  expect(await first.list(signal)).toEqual(seen)
  expect(urls().toSorted()).toEqual(['GET /containers/json', 'GET /networks'])
})

it('inspects again what was restarted', async () => {
  answers = [
    [/containers\/json/, json([listed('one', app, 'Up 5 seconds (health: starting)')])],
    [/containers\/one\/json/, json(inspected(app, '2025-01-01T00:00:00Z'))],
    [/networks/, json([])],
  ]
  const first = spawner()
  await first.list(signal)
  await first.list(signal)
  expect(urls().filter((url) => url.includes('/one/'))).toHaveLength(2)
})

it('throws when the engine fails in the middle', async () => {
  answers = [
    [/containers\/json/, json([listed('one', app, 'Up 5 seconds')])],
    [/containers\/one\/json/, json({ message: 'daemon is shutting down' }, 503)],
    [/networks/, json([])],
  ]
  await expect(spawner().list(signal)).rejects.toMatchObject({ code: 'unavailable' })
})

it('knows a container whose log cannot be read: one broken app hides no other', async () => {
  const dead = inspected(app, '2025-01-01T00:00:00Z')
  answers = [
    [/containers\/json/, json([{ ...listed('one', app, 'Dead'), State: 'dead' }])],
    [/containers\/one\/json/, json({ ...dead, State: { ...dead.State, Status: 'dead' } })],
    [/containers\/one\/logs/, json({ message: 'can not get logs from container which is dead' }, 409)],
    [/networks/, json([])],
  ]
  expect(await spawner().list(signal)).toMatchObject([{ appId, replicas: [{ id: 'one', exit: { lastLines: [] } }] }])
})

it('leaves out a container that went away meanwhile', async () => {
  answers = [
    [/containers\/json/, json([listed('one', app, 'Up 5 seconds')])],
    [/networks/, json([])],
  ]
  expect(await spawner().list(signal)).toEqual([])
})

it('ends with the signal when the engine is silent', async () => {
  answers = [[/./, () => undefined]]
  const reason = new Error('enough')
  const patience = new AbortController()
  const list = spawner().list(patience.signal)
  setTimeout(() => patience.abort(reason), 20)
  await expect(list).rejects.toBe(reason)
})

it('keeps the environment out of the URL', async () => {
  answers = [
    [/GET .*containers\/json/, json([listed('proxy', proxy, 'Up 2 hours')])],
    [
      /GET .*networks/,
      json([{ Name: network, Internal: false, Labels: { ...labels, 'rserve-proxy.io/app-id': appId } }]),
    ],
    [/GET .*images/, json({ Config: { Labels: {} } })],
    [/POST .*create/, json({ Id: 'new' }, 201)],
    [/POST .*start/, json('', 204)],
  ]
  await spawner().applyWorkload(spec(), { startedAt: '2025-01-01T00:00:00Z' }, signal)
  const created = asked.find(({ url }) => url.startsWith('/containers/create'))
  expect(created?.url).toBe('/containers/create?name=rsp-3f2a9c41-g4-1')
  expect(JSON.parse(created?.body ?? '')).toMatchObject({ Env: expect.arrayContaining(['TOKEN=secret']) })
  expect(asked.filter(({ url }) => url.includes('secret'))).toEqual([])
})

it('says that it lost the engine, and looks again when it is back', async () => {
  let opened = 0
  answers = [
    [/info/, json({ SystemTime: '2025-01-01T00:00:10.5Z' })],
    [
      /events/,
      (_, response) => {
        opened += 1
        response.writeHead(200).write(`${JSON.stringify({ Action: 'die', Actor: { Attributes: app } })}\n`)
        if (opened === 1) setTimeout(() => response.destroy(), 20)
      },
    ],
  ]
  const watching = new AbortController()
  const hints: string[] = []
  for await (const hint of spawner().watch(watching.signal)) {
    hints.push(hint.type === 'changed' ? `${hint.appId} ${hint.cause}` : hint.type)
    if (hints.length === 5) watching.abort()
  }
  expect(hints).toEqual(['resync', `${appId} die`, 'lost', 'resync', `${appId} die`])
  const query = new URL(asked.find(({ url }) => url.startsWith('/events'))?.url ?? '', 'http://engine').searchParams
  expect(query.get('since')).toBe(String(Date.parse('2025-01-01T00:00:09Z') / 1000))
})

function spec(): WorkloadSpec {
  return {
    appId,
    slug: 'hello',
    release: 1,
    generation: 4,
    specHash: 'aaaaaaaaaaaaaaaa',
    image: `sha256:${'0'.repeat(64)}`,
    env: { TOKEN: 'secret' },
    replicas: 1,
    resources: { memoryBytes: 1024, cpuMillis: 1000, pids: 256 },
    port: 6311,
    probe: { command: ['true'], intervalMs: 1, startIntervalMs: 1, timeoutMs: 1, retries: 3, startBudgetMs: 1 },
    rollout: { deadlineMs: 1, bakeMs: 1 },
    drain: { limitMs: 20_000 },
    network: { name: network, subnet: '10.213.128.0/27', egress: 'internet' },
    route: {
      routeHash: 'bbbbbbbbbbbbbbbb',
      hosts: ['localhost'],
      entryPoint: 'web',
      limits: { openRequests: 200 },
      sandbox: true,
      reuseConnections: false,
    },
  }
}
