import { randomUUID } from 'node:crypto'
import type { App } from '@rserve-proxy/contract/apps.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { subnetCount } from '../../src/domain/subnet.ts'
import { addApps } from '../helpers/many-apps.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

let database: Database
let manager: TestManager
let api: SignedIn

beforeAll(async () => {
  database = await openTestDatabase()
  manager = await startTestManager(database)
})

beforeEach(async () => {
  await emptyTables(database)
  api = await manager.signIn('alice')
})

afterAll(async () => {
  await manager[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

async function send(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
  const json = body && { body: JSON.stringify(body) }
  const type = body ? { 'content-type': 'application/json' } : {}
  const response = await api.send(path, { method, headers: { ...type, ...headers }, ...json })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) }
}

const create = (slug: string): Promise<App> =>
  api.call('POST /api/apps', { body: { name: slug.toUpperCase(), slug, codeSource: { type: 'upload' } } })

describe('creating', () => {
  it('says so when every network of the installation is in use', async () => {
    const { user } = await api.call('GET /api/auth/me', {})
    await addApps(database, user.id, subnetCount)
    const admin = await manager.signIn('admin')
    const body = { name: 'One more', slug: 'one-more', codeSource: { type: 'upload' as const } }
    await expect(admin.call('POST /api/apps', { body })).rejects.toMatchObject({
      ...{ status: 409, problem: { code: 'quota-exceeded', detail: expect.stringContaining('networks for 512 apps') } },
    })
  })

  it('answers 201 with the address of the new app and all its defaults', async () => {
    const response = await send('POST', '/api/apps', { name: ' Demo ', slug: 'demo', codeSource: { type: 'upload' } })
    const app: App = response.json()
    expect(response.status).toBe(201)
    expect(response.headers.get('location')).toBe(`/api/apps/${app.id}`)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(app).toMatchObject({
      slug: 'demo',
      name: 'Demo',
      owner: { username: 'alice' },
      rVersion: 'latest',
      packages: [],
      entryScript: 'app.R',
      mode: 'ocap',
      replicas: 1,
      desiredState: 'stopped',
      status: 'draft',
      url: 'http://localhost:8880/demo/',
      hasCode: false,
      release: null,
      deployment: null,
      version: 1,
    })
  })

  it('gives a slug to one of ten who ask at the same time', async () => {
    const body = { name: 'Race', slug: 'race', codeSource: { type: 'upload' } }
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('POST', '/api/apps', body)))
    const refused = answers.filter(({ status }) => status === 409)
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(refused).toHaveLength(9)
    expect(refused[0]?.json()).toMatchObject({ code: 'slug-taken' })
  })

  it('does it once for one Idempotency-Key', async () => {
    const body = { name: 'Once', slug: 'once', codeSource: { type: 'upload' } }
    const first = await send('POST', '/api/apps', body, { 'idempotency-key': 'create-1' })
    const again = await send('POST', '/api/apps', body, { 'idempotency-key': 'create-1' })
    expect(again.status).toBe(201)
    expect(again.text).toBe(first.text)
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    const other = await send('POST', '/api/apps', { ...body, slug: 'twice' }, { 'idempotency-key': 'create-1' })
    expect(other.json()).toMatchObject({ status: 409, code: 'idempotency-key-reused' })
  })
})

describe('reading', () => {
  it('accepts an id in any case and answers it in lower case', async () => {
    const app = await create('demo')
    const response = await send('GET', `/api/apps/${app.id.toUpperCase()}`)
    expect(response.json().id).toBe(app.id)
  })

  it('answers 304 to a client that has the same, status included', async () => {
    const app = await create('demo')
    const tag = (await send('GET', `/api/apps/${app.id}`)).headers.get('etag') ?? ''
    const same = await send('GET', `/api/apps/${app.id}`, undefined, { 'if-none-match': tag })
    expect({ status: same.status, text: same.text, tag: same.headers.get('etag') }).toEqual({
      status: 304,
      text: '',
      tag,
    })
    const other = await send('GET', `/api/apps/${app.id}`, undefined, { 'if-none-match': '"1-other"' })
    expect(other.status).toBe(200)
  })

  it('leads through a list page by page', async () => {
    for (const slug of ['one', 'two', 'three']) await create(slug)
    const slugs: string[] = []
    let next: string | undefined = '/api/apps?limit=1&sort=name'
    while (next) {
      const response = await send('GET', next)
      slugs.push(...response.json().items.map(({ slug }: App) => slug))
      next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]
    }
    expect(slugs).toEqual(['one', 'three', 'two'])
  })

  it('searches for literal text', async () => {
    await create('demo')
    const found = async (q: string) => (await send('GET', `/api/apps?q=${encodeURIComponent(q)}`)).json().items.length
    expect([await found('DEM'), await found('%'), await found('d_mo'), await found('(a+)+$')]).toEqual([1, 0, 0, 0])
  })

  it('refuses a cursor that it never gave', async () => {
    expect((await send('GET', '/api/apps?cursor=nonsense')).json()).toMatchObject({ status: 400 })
  })
})

describe('changing', () => {
  it('is partial, and raises version and tag', async () => {
    const app = await create('demo')
    const response = await send('PUT', `/api/apps/${app.id}`, { name: 'Other', packages: ['dplyr'] })
    expect(response.json()).toMatchObject({ name: 'Other', packages: ['dplyr'], entryScript: 'app.R', version: 2 })
    expect(response.headers.get('etag')).toMatch(/^"2-/)
  })

  it.each([{}, { slug: 'other' }, { domain: 5 }, { drainSeconds: -1 }, { egress: 'some' }])(
    'refuses %o',
    async (body) => {
      const app = await create('demo')
      expect((await send('PUT', `/api/apps/${app.id}`, body)).json()).toMatchObject({
        status: 400,
        code: 'invalid-request',
      })
    },
  )

  it('asks for a field when there is none', async () => {
    const app = await create('demo')
    const { detail } = (await send('PUT', `/api/apps/${app.id}`, {})).json()
    expect(detail).toBe('The input must hold at least one field')
  })

  it('happens only to the version that If-Match names', async () => {
    const app = await create('demo')
    const path = `/api/apps/${app.id}`
    const tag = (await send('GET', path)).headers.get('etag') ?? ''
    expect((await send('PUT', path, { name: 'A' }, { 'if-match': tag })).status).toBe(200)
    expect((await send('PUT', path, { name: 'B' }, { 'if-match': tag })).json()).toMatchObject({
      status: 412,
      code: 'changed-meanwhile',
    })
    expect((await send('PUT', path, { name: 'C' }, { 'if-match': '"2"' })).status).toBe(200)
    expect((await send('DELETE', path, undefined, { 'if-match': 'W/"3"' })).status).toBe(412)
    expect((await send('PUT', path, { name: 'D' }, { 'if-match': '*' })).status).toBe(200)
    expect((await send('GET', path)).json()).toMatchObject({ name: 'D', version: 4 })
  })
})

describe('deleting', () => {
  it('answers 202, then there is no such app', async () => {
    const app = await create('demo')
    expect((await send('DELETE', `/api/apps/${app.id}`)).status).toBe(202)
    expect((await send('DELETE', `/api/apps/${app.id}`)).json()).toMatchObject({ status: 404, code: 'app-not-found' })
    expect((await send('GET', '/api/apps')).json().items).toEqual([])
  })
})

describe('a verb that takes no body', () => {
  it('does not mind a client that names the type of nothing', async () => {
    const path = `/api/apps/${(await create('demo')).id}`
    const json = { 'content-type': 'application/json' }
    expect((await send('POST', `${path}/stop`, undefined, json)).status).toBe(202)
    expect((await send('DELETE', path, undefined, json)).status).toBe(202)
    expect((await send('POST', '/api/apps', undefined, json)).json()).toMatchObject({ code: 'invalid-request' })
  })
})

describe('an app of somebody else', () => {
  it.each([
    ['GET', '', undefined],
    ['PUT', '', { name: 'Mine' }],
    ['DELETE', '', undefined],
    ['POST', '/start', undefined],
    ['POST', '/stop', undefined],
    ['POST', '/restart', undefined],
    ['POST', '/deploy', undefined],
    ['POST', '/rebuild', undefined],
    ['GET', '/deployments', undefined],
    ['GET', `/deployments/${randomUUID()}`, undefined],
    ['POST', `/deployments/${randomUUID()}/cancel`, undefined],
    ['GET', '/releases', undefined],
    ['GET', '/releases/1', undefined],
    ['GET', '/logs', undefined],
  ] as const)('is not there: %s %s', async (method, path, body) => {
    const app = await create('demo')
    api = await manager.signIn('bob')
    expect((await send(method, `/api/apps/${app.id}${path}`, body)).json()).toMatchObject({
      status: 404,
      code: 'app-not-found',
    })
  })

  it('takes no upload', async () => {
    const app = await create('demo')
    api = await manager.signIn('bob')
    const body = new FormData()
    body.append('bundle', new Blob(['x']), 'x.zip')
    const response = await api.send(`/api/apps/${app.id}/upload`, { method: 'POST', body })
    expect(response.status).toBe(404)
  })
})

it('tells whether an address is free', async () => {
  await create('demo')
  const check = async (slug: string) => (await send('GET', `/api/slugs/${slug}`)).json()
  expect(await check('free')).toEqual({ available: true })
  for (const slug of ['demo', 'api', 'No', 'ab--cd']) expect(await check(slug)).toMatchObject({ available: false })
})

it('lists the R versions that are offered', async () => {
  expect((await send('GET', '/api/runtimes')).json()).toEqual({ items: [{ rVersion: '4.5.0' }, { rVersion: '4.4.1' }] })
})
