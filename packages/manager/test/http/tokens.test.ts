import { createHash } from 'node:crypto'
import { scopeOrder } from '@rserve-proxy/contract/tokens.ts'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { apiTokens, loginSessions, users } from '../../src/db/schema.ts'
import { newToken } from '../../src/services/bearer-token.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { addUser, createTestServer, fromPage, signIn } from '../helpers/test-server.ts'

let database: Database
let server: FastifyInstance
let cookie: string

beforeAll(async () => {
  database = await openTestDatabase()
})

beforeEach(async () => {
  await emptyTables(database)
  await addUser(database, 'alice')
  // A new one each time: it remembers tokens for a second.
  server = await createTestServer(database)
  cookie = await signIn(server, 'alice')
  return () => server.close()
})

afterAll(() => database[Symbol.asyncDispose]())

const make = (payload: object, by = cookie) =>
  server.inject({ method: 'POST', url: '/api/auth/tokens', headers: fromPage(by), payload })
const me = (authorization: string, headers: object = {}) =>
  server.inject({ url: '/api/auth/me', headers: { authorization, ...headers } })
const madeToken = async (payload: object = {}, by = cookie) => {
  const response = await make({ name: 'ci', ...payload }, by)
  const { id, token }: { id: string; token: string } = response.json()
  return { id, token, bearer: `Bearer ${token}` }
}

describe('a new token', () => {
  it('is shown once, and stored hashed', async () => {
    const response = await make({ name: 'ci' })
    expect(response.statusCode).toBe(201)
    const { token, ...shown } = response.json()
    expect(token).toMatch(/^rsp_pat_[0-9A-Za-z]{38}$/)
    expect(shown).toEqual({
      id: expect.any(String),
      name: 'ci',
      prefix: token.slice(0, 12),
      scopes: ['read', 'deploy', 'manage'],
      appIds: null,
      createdAt: expect.any(String),
      expiresAt: expect.any(String),
      lastUsedAt: null,
    })
    const list = await server.inject({ url: '/api/auth/tokens', headers: fromPage(cookie) })
    expect(list.json()).toEqual({ items: [shown] })
    const [row] = await database.db.select().from(apiTokens)
    expect(row?.hash).toBe(createHash('sha256').update(token).digest('hex'))
    expect(JSON.stringify(row)).not.toContain(token)
  })

  it('ends after 90 days, unless it says otherwise', async () => {
    await make({ name: 'a' })
    await make({ name: 'b', expiresInDays: 1 })
    const days = await database.db
      .select({ days: sql<number>`extract(day from ${apiTokens.expiresAt} - ${apiTokens.createdAt})::int` })
      .from(apiTokens)
      .orderBy(apiTokens.name)
    expect(days).toEqual([{ days: 90 }, { days: 1 }])
  })

  it('that lasts for ever or administers is for admins', async () => {
    expect((await make({ name: 'x', expiresInDays: null })).statusCode).toBe(403)
    expect((await make({ name: 'x', scopes: ['admin'] })).statusCode).toBe(403)
    await addUser(database, 'root', 'admin')
    const root = await signIn(server, 'root')
    expect((await make({ name: 'x', expiresInDays: null, scopes: ['admin'] }, root)).statusCode).toBe(201)
  })

  it('names only apps that its maker can see', async () => {
    const response = await make({ name: 'x', appIds: ['11111111-2222-4333-8444-555555555555'] })
    expect(response.statusCode).toBe(404)
    expect(response.json().errors).toMatchObject([{ path: 'appIds' }])
  })

  it('is one of 50, also when 60 are asked for at once', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, (_, count) => make({ name: `t${count}` })))
    const statuses = answers.map(({ statusCode }) => statusCode)
    expect(statuses.filter((status) => status === 201)).toHaveLength(50)
    expect(statuses.filter((status) => status === 409)).toHaveLength(10)
  })
})

describe('a bearer call', () => {
  it('is the user, with the scopes of the token, in any case of the scheme', async () => {
    const { token } = await madeToken({ scopes: ['read'] })
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const response = await me(`${scheme} ${token}`)
      expect(response.statusCode).toBe(200)
      expect(response.json()).toMatchObject({ user: { username: 'alice' }, via: 'token', scopes: ['read'] })
    }
  })

  it('touches no session: no cookie is read, none is set', async () => {
    const { bearer } = await madeToken()
    await database.db.update(loginSessions).set({ lastSeenAt: sql`now() - interval '5 minutes'` })
    const before = await database.db.select().from(loginSessions)
    for (let count = 0; count < 5; count++) {
      const response = await me(bearer, { cookie })
      expect(response.json()).toMatchObject({ via: 'token' })
      expect(response.headers['set-cookie']).toBeUndefined()
    }
    expect(await database.db.select().from(loginSessions)).toEqual(before)
  })

  it('is not saved by a good cookie when its token is none', async () => {
    const response = await me(`Bearer ${newToken('pat').token}`, { cookie })
    expect(response.statusCode).toBe(401)
  })

  it.each([
    ['no scheme', (token: string) => token],
    ['another scheme', (token: string) => `Basic ${token}`],
    ['two tokens', (token: string) => `Bearer ${token} ${token}`],
    ['a changed character', (token: string) => `Bearer ${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`],
    ['8000 characters', () => `Bearer ${'a'.repeat(8000)}`],
    ['nothing', () => 'Bearer '],
  ])('is nobody with %s', async (_name, header) => {
    const { token } = await madeToken()
    const response = await me(header(token))
    expect(response.statusCode).toBe(401)
    expect(response.json()).toMatchObject({ code: 'not-signed-in' })
  })

  it('may come from another site’s page, which knows the token', async () => {
    const { bearer } = await madeToken()
    const headers = { authorization: bearer, origin: 'https://tool.example', 'sec-fetch-site': 'cross-site', cookie }
    const asked = await server.inject({ method: 'DELETE', url: '/api/auth/tokens/x', headers })
    // Refused because of what it asks, not of where it comes from.
    expect(asked.json()).toMatchObject({ code: 'not-allowed' })
  })

  it('is never in an address', async () => {
    const { token } = await madeToken()
    expect((await server.inject({ url: `/api/auth/me?token=${token}&access_token=${token}` })).statusCode).toBe(401)
  })

  it('ends with its token, at once', async () => {
    const { id, bearer } = await madeToken()
    expect((await me(bearer)).statusCode).toBe(200)
    const remove = () => server.inject({ method: 'DELETE', url: `/api/auth/tokens/${id}`, headers: fromPage(cookie) })
    expect((await remove()).statusCode).toBe(204)
    expect((await me(bearer)).statusCode).toBe(401)
    expect((await remove()).statusCode).toBe(404)
  })

  it('ends when its time is over, and says so', async () => {
    const { bearer } = await madeToken()
    await database.db.update(apiTokens).set({ expiresAt: sql`now() - interval '1 second'` })
    expect((await me(bearer)).json()).toMatchObject({ status: 401, code: 'token-expired' })
  })

  it('ends when its user is disabled or gone', async () => {
    const { bearer } = await madeToken()
    await database.db.update(users).set({ disabledAt: new Date() })
    expect((await me(bearer)).statusCode).toBe(401)
    await database.db.delete(users)
    expect((await me(bearer)).statusCode).toBe(401)
  })

  it('writes its last use at most every five minutes', async () => {
    const { bearer } = await madeToken()
    const lastUse = async () => (await database.db.select().from(apiTokens))[0]?.lastUsedAt?.getTime()
    await me(bearer)
    const first = await lastUse()
    expect(first).toBeTypeOf('number')
    await me(bearer)
    expect(await lastUse()).toBe(first)
  })

  it('neither signs in nor makes tokens nor changes the password', async () => {
    const { bearer } = await madeToken()
    const refused = [
      { method: 'POST', url: '/api/auth/tokens', payload: { name: 'x' } },
      {
        method: 'PUT',
        url: '/api/auth/password',
        payload: { currentPassword: 'x', newPassword: 'long enough to be one' },
      },
      { method: 'POST', url: '/api/auth/login', payload: { username: 'alice', password: 'correct horse battery' } },
    ] as const
    for (const request of refused) {
      const response = await server.inject({ ...request, headers: { authorization: bearer } })
      expect(response.json(), request.url).toMatchObject({ status: 403, code: 'not-allowed' })
    }
  })

  it.each(scopeOrder)('needs the scope that its endpoint names: %s', async (scope) => {
    await addUser(database, 'root', 'admin')
    const { bearer } = await madeToken({ scopes: [scope] }, await signIn(server, 'root'))
    const needed = [
      ['GET', '/api/apps'],
      ['POST', '/api/apps/11111111-2222-4333-8444-555555555555/restart'],
      ['DELETE', '/api/credentials/11111111-2222-4333-8444-555555555555'],
      ['GET', '/api/audit'],
    ] as const
    const refused = []
    for (const [method, url] of needed) {
      const response = await server.inject({ method, url, headers: { authorization: bearer } })
      if (response.statusCode === 403) refused.push(url)
    }
    expect(refused).toEqual(needed.slice(scopeOrder.indexOf(scope) + 1).map(([, url]) => url))
  })
})
