import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { addUser, createTestServer, signIn } from '../helpers/test-server.ts'

const states = new Map([
  ['resting', 'stopped'],
  ['waking', 'starting'],
  ['broken', 'failed'],
] as const)

let database: Database
let server: FastifyInstance
let folder: string

const since = '2026-01-02T03:04:05.000Z'
const degraded = { status: 'degraded' as const, db: true, engine: false, since, active: true }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dashboard-'))
  const site = join(folder, 'site')
  await mkdir(join(site, 'assets'), { recursive: true })
  await mkdir(join(site, '.git'))
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(site, 'index.html'), '<!doctype html><title>rserve-proxy</title>')
  await writeFile(join(site, 'assets/index-abc123.js'), 'console.log(1)')
  await writeFile(join(site, 'assets/index-abc123.js.br'), brotliCompressSync('console.log(1)'))
  await writeFile(join(site, '.git/config'), 'secret')
  await symlink(join(folder, 'secret.txt'), join(site, 'link.txt'))
  database = await openTestDatabase()
  await addUser(database, 'alice')
  server = await createTestServer(database, {
    config: { DASHBOARD_DIR: site },
    services: {
      stoppedPages: { stateOf: async (slug) => [...states].find(([name]) => name === slug)?.[1] ?? 'not-found' },
      system: {
        health: async () => degraded,
        isReady: async () => false,
        overview: () => Promise.reject(new Error('nobody asks for it')),
        runtimes: async () => ['4.5.0'],
      },
    },
  })
})

afterAll(async () => {
  await server.close()
  await database[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const page = (url: string, options: InjectOptions = {}) =>
  server.inject({ url, headers: { accept: 'text/html,*/*' }, ...options })

describe('the dashboard', () => {
  it.each(['/', '/apps', '/apps/hello/deployments?page=2', '/login'])('answers %s with its page', async (url) => {
    const response = await page(url)
    expect(response.statusCode).toBe(200)
    expect(response.body).toContain('rserve-proxy')
    expect(response.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    })
    // Apps share the host here: no script but those below /assets/, which no app can be called.
    expect(response.headers['content-security-policy']).toBe(
      [
        "default-src 'none'; script-src http://localhost:80/assets/; style-src http://localhost:80/assets/",
        'font-src http://localhost:80/assets/; img-src http://localhost:80/assets/ data:',
        "connect-src http://localhost:80/api/; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      ].join('; '),
    )
  })

  it('trusts its own host where apps have another', async () => {
    const config = { DASHBOARD_DIR: join(folder, 'site'), singleOrigin: false }
    const apart = await createTestServer(database, { config })
    const response = await apart.inject({ url: '/', headers: { accept: 'text/html' } })
    expect(response.headers['content-security-policy']).toBe(
      [
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:",
        "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      ].join('; '),
    )
    await apart.close()
  })

  it('repeats no host that is none in its policy', async () => {
    const response = await page('/', { headers: { accept: 'text/html', host: "evil; script-src 'unsafe-inline'" } })
    expect(response.headers['content-security-policy']).not.toContain('evil')
  })

  it('keeps hashed files for ever, and sends them compressed', async () => {
    const response = await page('/assets/index-abc123.js', { headers: { 'accept-encoding': 'br' } })
    expect(response.headers).toMatchObject({
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    expect((await page('/assets/index-abc123.js', { headers: {} })).body).toBe('console.log(1)')
  })

  it.each([
    '/api/nothing',
    '/assets/index.js.map',
    '/.git/config',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/link.txt',
    '/favicon.ico',
  ])('has nothing at %s', async (url) => {
    const response = await page(url)
    expect(response.json()).toMatchObject({ status: 404, code: 'no-such-endpoint' })
    expect(response.body).not.toContain('secret')
  })

  it.each(['GET', 'HEAD'] as const)('answers %s at its address, whatever is accepted', async (method) => {
    const response = await page('/', { method, headers: {} })
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8')
  })

  it('is for browsers that ask for a page', async () => {
    expect((await page('/apps', { headers: { accept: 'application/json' } })).statusCode).toBe(404)
    expect((await page('/apps', { method: 'POST' })).statusCode).toBe(404)
  })
})

describe('a slug without a running app', () => {
  it.each([
    ['/stopped/resting', 503, 'This app is not running.'],
    ['/stopped/resting/deep/er?x=1', 503, 'Its owner stopped it.'],
    ['/stopped/broken', 503, 'This app is not running.'],
    ['/stopped/waking/', 503, 'This page reloads by itself.'],
    ['/stopped/nobody', 404, 'Nothing at this address.'],
    ['/stopped/', 404, 'Nothing at this address.'],
    ['/stopped', 404, 'Nothing at this address.'],
  ])('%s answers %i: %s', async (url, status, sentence) => {
    const response = await page(url)
    expect(response.statusCode).toBe(status)
    expect(response.body).toContain(sentence)
    expect(response.body).not.toMatch(/<script|style=/)
    expect(response.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
  })

  it('reloads while it starts, and only then', async () => {
    expect((await page('/stopped/waking')).body).toContain('http-equiv="refresh"')
    expect((await page('/stopped/resting')).body).not.toContain('refresh')
  })

  it.each<InjectOptions>([
    { method: 'POST', payload: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    { method: 'PUT', payload: '{', headers: { 'content-type': 'application/json' } },
    { method: 'DELETE' },
    { method: 'OPTIONS' },
    { headers: { connection: 'upgrade', upgrade: 'websocket' } },
  ])('takes any request: %o', async (options) => {
    expect((await page('/stopped/resting/ocap', options)).statusCode).toBe(503)
  })
})

describe('health', () => {
  it('tells without sign-in', async () => {
    expect((await page('/api/health')).json()).toEqual(degraded)
    expect((await page('/healthz')).json()).toEqual({ status: 'ok' })
    expect((await page('/readyz')).statusCode).toBe(503)
  })

  it('answers 503 without a database, whatever cookie comes along', async () => {
    const broken = await createTestServer(database, {
      services: {
        system: {
          health: async () => ({ ...degraded, db: false }),
          isReady: async () => false,
          overview: () => Promise.reject(new Error('nobody asks for it')),
          runtimes: async () => [],
        },
      },
    })
    const cookie = await signIn(server, 'alice')
    const response = await broken.inject({ url: '/api/health', headers: { cookie } })
    expect(response.json()).toMatchObject({ status: 503, code: 'database-unavailable' })
    await broken.close()
  })
})

describe('the API document', () => {
  it.each(['/api/openapi.json', '/api/docs/', '/api/docs/static/swagger-ui.css', '/api/docs/json'])(
    '%s is for signed-in callers',
    async (url) => {
      expect((await page(url)).statusCode).toBe(401)
      const response = await page(url, { headers: { cookie: await signIn(server, 'alice') } })
      expect(response.statusCode).toBe(200)
    },
  )
})
