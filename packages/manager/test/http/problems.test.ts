import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { addUser, createTestServer, fromPage, signIn } from '../helpers/test-server.ts'

const appId = '0b9aa1b4-3f1c-4c4e-9a38-6a3f0a3cf0aa'
let database: Database
let server: FastifyInstance
let cookie: string
let failWith: unknown

beforeAll(async () => {
  database = await openTestDatabase()
  await addUser(database, 'alice')
  server = await createTestServer(database, {
    services: {
      apps: {
        list: async () => ({ items: [], nextCursor: 'bmV4dA' }),
        create: () => Promise.reject(failWith),
        get: () => Promise.reject(failWith),
        update: () => Promise.reject(failWith),
        remove: async () => undefined,
        checkSlug: async () => ({ available: true }),
      },
    },
  })
  cookie = await signIn(server, 'alice')
})

afterAll(async () => {
  await server.close()
  await database[Symbol.asyncDispose]()
})

const ask = (url: string, options: InjectOptions = {}) =>
  server.inject({ url, ...options, headers: { ...fromPage(cookie), ...options.headers } })
const post = (url: string, payload: string | object, headers: Record<string, string> = {}) =>
  ask(url, { method: 'POST', payload, headers: { 'content-type': 'application/json', ...headers } })

describe('every refusal is a problem document', () => {
  it.each<[string, () => ReturnType<typeof ask>, number, string]>([
    ['an unknown address', () => ask('/api/nothing'), 404, 'no-such-endpoint'],
    [
      'an unknown address with any body',
      () => post('/api/nothing', 'x', { 'content-type': 'a/b' }),
      404,
      'no-such-endpoint',
    ],
    ['another method', () => ask('/api/auth/login?username=a&password=b'), 404, 'no-such-endpoint'],
    ['no dashboard', () => ask('/', { headers: { accept: 'text/html' } }), 404, 'no-such-endpoint'],
    ['a malformed address', () => ask('/api/apps/%zz'), 400, 'invalid-request'],
    ['a long parameter', () => ask(`/api/apps/${'a'.repeat(101)}`), 414, 'uri-too-long'],
    ['an id that is none', () => ask('/api/apps/1'), 400, 'invalid-request'],
    ['U+0000 in the path', () => ask('/api/slugs/%00'), 400, 'invalid-request'],
    ['a query below its bounds', () => ask('/api/apps?limit=-1'), 400, 'invalid-request'],
    ['a query given twice', () => ask('/api/apps?limit=1&limit=2'), 400, 'invalid-request'],
    ['an unknown query', () => ask('/api/apps?__proto__=1'), 400, 'invalid-request'],
    ['a word outside its set', () => ask('/api/apps?sort=name;drop table apps'), 400, 'invalid-request'],
    [
      'a form',
      () => post('/api/auth/login', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'unsupported-media-type',
    ],
    [
      'plain text',
      () => post('/api/auth/login', '{}', { 'content-type': 'text/plain' }),
      415,
      'unsupported-media-type',
    ],
    ['half a JSON', () => post('/api/auth/login', '{"username":'), 400, 'invalid-request'],
    ['an empty JSON', () => post('/api/auth/login', ''), 400, 'invalid-request'],
    ['an array', () => post('/api/auth/login', []), 400, 'invalid-request'],
    [
      'a prototype',
      () => post('/api/auth/login', '{"__proto__":{"a":1},"username":"a","password":"b"}'),
      400,
      'invalid-request',
    ],
    [
      'a constructor',
      () => post('/api/auth/login', '{"constructor":{"prototype":{}},"username":"a","password":"b"}'),
      400,
      'invalid-request',
    ],
    [
      'a string in an array',
      () => post('/api/auth/login', { username: ['alice'], password: 'x' }),
      400,
      'invalid-request',
    ],
    [
      'an object for a string',
      () => post('/api/auth/login', { username: { $ne: null }, password: 'x' }),
      400,
      'invalid-request',
    ],
    [
      'half of a surrogate pair',
      () => post('/api/auth/login', '{"username":"\\ud800","password":"x"}'),
      400,
      'invalid-request',
    ],
    ['a large sign-in', () => post('/api/auth/login', { username: 'a', password: 'p'.repeat(5000) }), 413, 'too-large'],
    [
      'a long password',
      () => post('/api/auth/login', { username: 'a', password: 'p'.repeat(257) }),
      400,
      'invalid-request',
    ],
    ['more than 1 MiB', () => post('/api/apps', { name: 'n'.repeat(1_100_000) }), 413, 'too-large'],
    ['100 000 brackets', () => post('/api/apps', '['.repeat(100_000) + ']'.repeat(100_000)), 400, 'invalid-request'],
    [
      'an unknown content type behind a space',
      () => post('/api/auth/login', '{"username":1}', { 'content-type': ' application/json' }),
      400,
      'invalid-request',
    ],
  ])('%s', async (_name, request, status, code) => {
    const started = performance.now()
    const response = await request()
    expect(performance.now() - started).toBeLessThan(2000)
    expect({ status: response.statusCode, type: response.headers['content-type'] }).toEqual({
      status,
      type: 'application/problem+json',
    })
    expect(response.json()).toMatchObject({
      type: `/problems/${code}`,
      code,
      status,
      instance: response.headers['x-request-id'],
    })
    expect(response.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
  })

  it('with bytes that are no UTF-8', async () => {
    const payload = Buffer.from('7b22757365726e616d65223a22fffe222c2270617373776f7264223a2278227d', 'hex')
    const response = await server.inject({
      method: 'POST',
      url: '/api/auth/login',
      headers: { 'content-type': 'application/json' },
      payload,
    })
    expect(response.statusCode).toBe(400)
  })

  it('with a body but no content type', async () => {
    const response = await server.inject({
      method: 'POST',
      url: '/api/auth/login',
      payload: Buffer.from('{"username":"a"}'),
    })
    expect(response.statusCode).toBe(415)
  })

  it('asks who calls before it looks at anything they sent', async () => {
    const response = await server.inject({
      method: 'POST',
      url: '/api/apps',
      payload: 'x',
      headers: { 'content-type': 'a/b' },
    })
    expect(response.json()).toMatchObject({ status: 401, code: 'not-signed-in' })
  })
})

describe('invalid input', () => {
  it('is answered field by field', async () => {
    const response = await post('/api/apps', {
      name: ' ',
      slug: 'Not A Slug',
      codeSource: { type: 'git', repoUrl: 'http://example.net/x', surprise: true },
      replicas: '2',
      ownerId: 'me',
    })
    expect(response.json()).toMatchObject({ code: 'invalid-request', status: 400 })
    const errors: { path: string; message: string }[] = response.json().errors
    expect(Object.fromEntries(errors.map(({ path, message }) => [path, message]))).toEqual({
      ownerId: 'is not a known field',
      name: 'must be: 1 to 128 characters, without control or bidirectional ones',
      slug: expect.stringContaining('must be: lower-case letters'),
      'codeSource.surprise': 'is not a known field',
      'codeSource.repoUrl': expect.stringContaining('must be: an https address'),
      replicas: 'must be integer',
    })
  })

  it('of an unknown kind names the kinds', async () => {
    const response = await post('/api/apps', { name: 'a', slug: 'a', codeSource: { type: 'ftp' } })
    expect(response.json().errors).toEqual([
      { path: 'codeSource.type', message: 'must be upload' },
      { path: 'codeSource.type', message: 'must be git' },
    ])
  })

  it('of a hostile size names its first mistake only: a megabyte would make 250 000', async () => {
    const packages = Array(250_000).fill(1)
    const response = await post('/api/apps', { name: 'a', slug: 'a', codeSource: { type: 'upload' }, packages })
    expect(response.json().errors).toHaveLength(1)
  })
})

describe('what services throw', () => {
  const spawnerError = (code: string) => Object.assign(new Error('engine'), { name: 'SpawnerError', code })
  const driverError = (code: string) =>
    new Error('Failed query: select secret', { cause: Object.assign(new Error('x'), { code }) })

  it.each<[string, unknown, number, string]>([
    ['a problem', new Problem('app-not-found', { detail: 'Gone.' }), 404, 'app-not-found'],
    ['an unreachable engine', spawnerError('unavailable'), 503, 'spawner-unavailable'],
    ['an engine that refuses', spawnerError('not-permitted'), 500, 'spawner-failed'],
    ['a lost connection', driverError('ECONNREFUSED'), 503, 'database-unavailable'],
    ['a closed connection', driverError('CONNECTION_CLOSED'), 503, 'database-unavailable'],
    ['a database that shuts down', driverError('57P01'), 503, 'database-unavailable'],
    ['a statement that takes too long', driverError('57014'), 503, 'database-unavailable'],
    ['a value that the database refuses', driverError('22P02'), 400, 'invalid-request'],
    ['a full disk of the database', driverError('53100'), 507, 'disk-full'],
    ['a full disk', Object.assign(new Error('write'), { code: 'ENOSPC' }), 507, 'disk-full'],
    ['a mistake of ours', new TypeError('at /srv/secret.ts'), 500, 'internal'],
    ['no error at all', 'oops', 500, 'internal'],
  ])('%s', async (_name, error, status, code) => {
    failWith = error
    const response = await ask(`/api/apps/${appId}`)
    expect(response.json()).toMatchObject({ status, code })
    expect(response.body).not.toMatch(/secret|select|srv/)
    expect(response.headers['retry-after']).toBe(status === 503 ? '5' : undefined)
  })
})

describe('conventions', () => {
  it('points to the next page', async () => {
    const response = await ask('/api/apps?limit=2&q=a%26b')
    expect(response.headers.link).toBe('</api/apps?limit=2&q=a%26b&cursor=bmV4dA>; rel="next"')
    expect(response.headers['cache-control']).toBe('no-store')
  })

  it('answers with the declared status', async () => {
    const response = await ask(`/api/apps/${appId}`, { method: 'DELETE' })
    expect({ status: response.statusCode, body: response.body }).toEqual({ status: 202, body: 'null' })
  })

  it('takes over a request id that is plain, and no other', async () => {
    const idOf = async (id: string) =>
      (await ask('/api/apps', { headers: { 'x-request-id': id } })).headers['x-request-id']
    expect(await idOf('build-42_a.b')).toBe('build-42_a.b')
    expect(await idOf('two\twords "quoted"')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

it('refuses a request with two lengths, which servers in a row would end at different places', async () => {
  await server.listen({ host: '127.0.0.1', port: 0 })
  const address = server.server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /api/apps HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n')
  const answered = await text(socket)
  expect(answered).toMatch(/^HTTP\/1\.1 400 /)
  expect(answered).toContain('application/problem+json')
})
