import { endpoints } from '@rserve-proxy/contract/endpoints.ts'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { apiTokens, auditEvents, users } from '../../src/db/schema.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'
import { type CallerName, callers, rows } from './access-rows.ts'

// Every endpoint as every caller, against the whole manager. Requests are made so that whoever may do something does
// no harm by it: bodies that are refused, ids of nothing, stale versions.

let database: Database
let manager: TestManager
let appId: string
const headersOf = new Map<CallerName, Record<string, string>>()

beforeAll(async () => {
  database = await openTestDatabase()
  manager = await startTestManager(database)
  const people = await signInAll(['owner', 'viewer', 'editor', 'other', 'admin', 'disabled'])
  appId = await makeApp(people.owner, 'shared')
  const elsewhereId = await makeApp(people.owner, 'elsewhere')
  for (const role of ['viewer', 'editor'] as const) {
    const body = { username: role, role }
    await people.owner.call('PUT /api/apps/:appId/collaborators', { params: { appId }, body })
  }
  const token = async (name: CallerName, body: object) => {
    const made = await people.owner.call('POST /api/auth/tokens', { body: { name, ...body } })
    headersOf.set(name, { authorization: `Bearer ${made.token}` })
    return made.id
  }
  await token('read token', { scopes: ['read'] })
  await token('deploy token', { scopes: ['deploy'] })
  await token('limited token', { appIds: [appId] })
  await token('elsewhere token', { appIds: [elsewhereId] })
  const expired = await token('expired token', {})
  await database.db.update(apiTokens).set({ expiresAt: sql`now() - interval '1 day'` }).where(sql`id = ${expired}`)
  await database.db.update(users).set({ disabledAt: new Date() }).where(sql`username = 'disabled'`)
  headersOf.set('nobody', {})
})

afterAll(async () => {
  await manager[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

describe.each([...endpoints])('$method $url', (endpoint) => {
  const key = `${endpoint.method} ${endpoint.url}`
  const expected = rowOf(key)

  it.each(callers.map((caller, index) => ({ caller, may: expected[index] })))('$caller: $may', async (row) => {
    expect(await outcome(endpoint, row.caller)).toBe(row.may)
    if (key === 'POST /api/auth/logout') await signInAll(['owner', 'viewer', 'editor', 'other', 'admin'])
  })
})

it('has written down who wanted what he may not', async () => {
  const events = await database.db.select().from(auditEvents).where(sql`action = 'access'`)
  expect(events.length).toBeGreaterThan(100)
  for (const event of events) expect(event).toMatchObject({ result: 'denied', detail: expect.stringMatching(/^\w+$/) })
  expect(new Set(events.map(({ actorName }) => actorName))).toEqual(new Set(['owner', 'viewer', 'editor', 'other']))
})

const rowOf = (key: string) => new Map(Object.entries(rows)).get(key)?.split(/\s+/) ?? []

async function outcome(endpoint: (typeof endpoints)[number], caller: CallerName) {
  const { method, url, schema } = endpoint
  const isUpload = url.endsWith('/upload')
  const body = isUpload ? '--B--\r\n' : 'body' in schema ? JSON.stringify(bodies[`${method} ${url}`] ?? {}) : undefined
  const query = url.endsWith('/collaborators') && method === 'DELETE' ? `?userId=${nothing}` : ''
  const stop = new AbortController()
  const response = await fetch(manager.url + filled(url) + query, {
    method,
    headers: {
      ...headersOf.get(caller),
      ...(body !== undefined && { 'content-type': isUpload ? 'multipart/form-data; boundary=B' : 'application/json' }),
      ...(method === 'DELETE' && url === '/api/apps/:appId' && { 'if-match': '"99-x"' }),
    },
    ...(body !== undefined && { body }),
    signal: stop.signal,
  })
  const problem = response.headers.get('content-type')?.includes('problem') ? JSON.parse(await response.text()) : {}
  stop.abort()
  if (response.status >= 500) throw new Error(`${method} ${url} answered ${response.status}`)
  if (problem.code === 'app-not-found') return '4'
  return response.status === 401 ? '1' : response.status === 403 ? '3' : '+'
}

const nothing = '00000000-0000-4000-8000-000000000000'

/** Where the empty object would be refused before anybody asks whose the app is. */
const bodies: Record<string, object> = {
  'POST /api/apps': { name: 'x', slug: 'api', codeSource: { type: 'upload' } },
  'PUT /api/apps/:appId': { name: 'Shared' },
  'POST /api/apps/:appId/rollback': { release: 9 },
  'PUT /api/apps/:appId/collaborators': { userId: nothing, role: 'viewer' },
  'POST /api/apps/:appId/transfer': { userId: nothing },
  'POST /api/deploy/:slug': { codeSource: { type: 'upload' } },
  'PATCH /api/auth/me': { displayName: 'x' },
}

const filled = (url: string) =>
  url
    .replace(':appId', appId)
    .replace(':slug', 'shared')
    .replace(/:number|:other/g, '9')
    .replace(/:\w+/g, nothing)

async function signInAll<Name extends CallerName>(names: Name[]): Promise<Record<Name, SignedIn>> {
  const signedIn = await Promise.all(
    names.map(async (name) => {
      const api = await manager.signIn(name)
      headersOf.set(name, { cookie: api.cookie(), 'sec-fetch-site': 'same-origin' })
      return [name, api]
    }),
  )
  return Object.fromEntries(signedIn)
}

async function makeApp(api: SignedIn, slug: string) {
  const body = { name: slug, slug, codeSource: { type: 'upload' as const } }
  return (await api.call('POST /api/apps', { body })).id
}
