import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSocketProxy } from './socket-proxy.ts'

const instance = 'ours'
const ourLabels = { 'rserve-proxy.io/instance': instance }
const ours = { Id: 'a1', Labels: ourLabels }
const foreign = { Id: 'b2', Labels: { 'rserve-proxy.io/instance': 'theirs' } }
const inspected = {
  a1: { Id: 'a1', Config: { Labels: ourLabels, Env: ['SECRET=1'], Image: 'r' }, State: { Status: 'running' } },
  b2: { Id: 'b2', Config: { Labels: foreign.Labels, Env: ['SECRET=2'] } },
  c3: { Id: 'c3', Config: { Env: [] } },
}

const answers: Record<string, object> = {
  '/v1.45/version': { ApiVersion: '1.45' },
  '/v1.45/containers/json': [ours, foreign, { Id: 'c3' }],
  '/v1.45/containers/a1/json': inspected.a1,
  '/containers/a1/json': inspected.a1,
  '/containers/b2/json': inspected.b2,
  '/containers/c3/json': inspected.c3,
}

let folder: string
let engine: Server
let proxy: Server
let base: string
let asked: string[]
let eventStreamEnded: Promise<unknown>

// An engine that ignores every filter: what the proxy lets through is the proxy's own doing.
const fakeEngine: RequestListener = (request, response) => {
  asked.push(`${request.method} ${request.url}`)
  const { pathname } = new URL(request.url ?? '', 'http://engine')
  if (pathname === '/_ping') return response.writeHead(200, { 'api-version': '1.45' }).end('OK')
  if (pathname === '/v1.45/events') {
    eventStreamEnded = once(response, 'close')
    return response.writeHead(200, { 'content-type': 'application/json' }).write('{"Action":"start"}\n')
  }
  const answer = answers[pathname]
  if (!answer) return response.writeHead(404).end('{"message":"No such container"}')
  response.end(JSON.stringify(answer))
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'socket-proxy-'))
  asked = []
  const socketPath = join(folder, 'engine.sock')
  engine = createServer(fakeEngine).listen(socketPath)
  proxy = createSocketProxy({ socketPath, instance }).listen(0, '127.0.0.1')
  await Promise.all([once(engine, 'listening'), once(proxy, 'listening')])
  const address = proxy.address()
  if (!address || typeof address === 'string') throw new Error('the proxy listens on no port')
  base = `http://127.0.0.1:${address.port}`
})

afterEach(async () => {
  for (const server of [proxy, engine]) server.close().closeAllConnections()
  await rm(folder, { recursive: true })
})

const filtersOf = (line: string | undefined) =>
  JSON.parse(new URL(line?.split(' ')[1] ?? '', 'http://engine').searchParams.get('filters') ?? 'null')

describe('socket proxy', () => {
  it('passes ping with its version header, and version', async () => {
    const ping = await fetch(`${base}/_ping`, { method: 'HEAD' })
    expect([ping.status, ping.headers.get('api-version')]).toEqual([200, '1.45'])
    expect(await (await fetch(`${base}/v1.45/version`)).json()).toEqual({ ApiVersion: '1.45' })
  })

  it('lists only containers of this installation, whatever label is asked for', async () => {
    const filters = JSON.stringify({ status: { running: true }, label: { 'rserve-proxy.io/instance=theirs': true } })
    const listed = await fetch(`${base}/v1.45/containers/json?all=1&filters=${encodeURIComponent(filters)}`)
    expect(await listed.json()).toEqual([ours])
    expect(filtersOf(asked[0])).toEqual({ status: { running: true }, label: { 'rserve-proxy.io/instance=ours': true } })
  })

  it.each(['/v1.45/containers/a1/json', '/containers/a1/json'])(
    'inspects ours without its environment: %s',
    async (path) => {
      const { Config, ...rest } = inspected.a1
      expect(await (await fetch(base + path)).json()).toEqual({ ...rest, Config: { ...Config, Env: [] } })
    },
  )

  it.each(['/containers/b2/json', '/containers/c3/json', '/containers/none/json'])(
    'knows no foreign container: %s',
    async (path) => {
      const response = await fetch(base + path)
      expect([response.status, await response.text()]).toEqual([404, '{"message":"no such container"}'])
    },
  )

  it('streams events as they come, filtered by our label, and ends the stream with its reader', async () => {
    const reader = new AbortController()
    const events = await fetch(`${base}/v1.45/events?since=1`, { signal: reader.signal })
    const first = await events.body?.getReader().read()
    expect(new TextDecoder().decode(first?.value)).toBe('{"Action":"start"}\n')
    expect(filtersOf(asked[0])).toEqual({ label: { 'rserve-proxy.io/instance=ours': true } })
    reader.abort()
    await eventStreamEnded
  })

  it.each([
    ['POST', '/containers/create'],
    ['POST', '/v1.45/containers/a1/exec'],
    ['DELETE', '/containers/a1'],
    ['POST', '/containers/a1/json'],
    ['GET', '/containers/a1/logs'],
    ['GET', '/containers/a1/archive?path=/'],
    ['GET', '/images/json'],
    ['GET', '/info'],
    ['GET', '/secrets'],
    ['GET', '/v1.45/containers/../images/json'],
    ['GET', '/containers/a1%2flogs/json'],
    ['GET', '/'],
  ])('refuses %s %s without asking the engine', async (method, path) => {
    expect((await fetch(base + path, { method })).status).toBe(403)
    expect(asked).toEqual([])
  })

  it('answers 502 while the engine is away', async () => {
    engine.close().closeAllConnections()
    await once(engine, 'close')
    expect((await fetch(`${base}/version`)).status).toBe(502)
  })

  it('refuses filters that are not JSON', async () => {
    expect((await fetch(`${base}/containers/json?filters=x`)).status).toBe(502)
    expect(asked).toEqual([])
  })
})
