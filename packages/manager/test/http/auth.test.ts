import { createHash } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { loginSessions, users } from '../../src/db/schema.ts'
import { createPasswords } from '../../src/services/password.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import {
  addUser,
  cookieOf,
  createPeople,
  createTestServer,
  fromPage,
  password,
  signIn,
} from '../helpers/test-server.ts'

let database: Database
let server: FastifyInstance

beforeAll(async () => {
  database = await openTestDatabase()
  server = await createTestServer(database)
})

beforeEach(async () => {
  await emptyTables(database)
  await addUser(database, 'alice')
})

afterAll(async () => {
  await server.close()
  await database[Symbol.asyncDispose]()
})

const login = (payload: object, headers = {}) =>
  server.inject({ method: 'POST', url: '/api/auth/login', payload, headers })
const me = (cookie: string, on = server) => on.inject({ url: '/api/auth/me', headers: { cookie } })
const logout = (cookie: string) => server.inject({ method: 'POST', url: '/api/auth/logout', headers: fromPage(cookie) })

describe('signing in', () => {
  it('answers with the user and a cookie that only the API sees', async () => {
    const response = await login({ username: 'alice', password })
    expect(response.statusCode).toBe(200)
    expect(response.json()).toEqual({
      user: { id: expect.any(String), username: 'alice', displayName: null, role: 'user' },
    })
    expect(response.headers['set-cookie']).toEqual([
      expect.stringMatching(/^rsp_session=[^;]+; Path=\/api; HttpOnly; SameSite=Strict$/),
      expect.stringMatching(/^rsp_device=[^;]+; Max-Age=31536000; Path=\/api; HttpOnly; SameSite=Strict$/),
    ])
  })

  it('knows the caller afterwards, whatever the case of the name was', async () => {
    const response = await me(cookieOf(await login({ username: 'ALICE', password })))
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({ user: { username: 'alice' }, via: 'session', singleOrigin: true })
    expect(response.headers['set-cookie']).toBeUndefined()
  })

  it('gives the same answer for wrong, unknown and disabled', async () => {
    await addUser(database, 'gone')
    await database.db.update(users).set({ disabledAt: new Date() }).where(eq(users.username, 'gone'))
    const attempts = [
      { username: 'alice', password: 'definitely-wrong-1' },
      { username: 'nobody-here', password: 'definitely-wrong-1' },
      { username: 'gone', password },
    ]
    const answers = []
    for (const attempt of attempts) {
      const { statusCode, body, headers } = await login(attempt, { 'x-request-id': 'same-for-all' })
      answers.push({ statusCode, body, headers: { ...headers, date: undefined, 'ratelimit-remaining': undefined } })
    }
    expect(answers[0]).toMatchObject({ statusCode: 401 })
    expect(answers[0]?.body).toContain('wrong-credentials')
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
    expect(answers[0]?.headers).not.toHaveProperty('set-cookie')
  })

  it('takes a new id, and ends the session that was there before', async () => {
    const before = await signIn(server, 'alice')
    const after = cookieOf(await login({ username: 'alice', password }, fromPage(before)))
    expect(after).not.toBe(before)
    expect((await me(before)).statusCode).toBe(401)
    expect((await me(after)).statusCode).toBe(200)
  })

  it('never takes an id that the client made up', async () => {
    const planted = 'rsp_session=attacker.signature'
    const after = cookieOf(await login({ username: 'alice', password }, fromPage(planted)))
    expect(after).not.toContain('attacker')
    expect((await me(planted)).statusCode).toBe(401)
  })

  it('stores the id hashed', async () => {
    const cookie = decodeURIComponent(await signIn(server, 'alice'))
    const id = cookie.replace('rsp_session=', '').split('.')[0] ?? ''
    const rows = await database.db.select().from(loginSessions)
    expect(rows.map(({ idHash }) => idHash)).toEqual([createHash('sha256').update(id).digest('hex')])
  })

  it('keeps the newest 20 sessions of a user', async () => {
    const first = await signIn(server, 'alice')
    for (let count = 0; count < 20; count++) await signIn(server, 'alice')
    expect((await me(first)).statusCode).toBe(401)
  })

  it('refuses plain HTTP where cookies are for HTTPS only', async () => {
    const secure = await createTestServer(database, { config: { COOKIE_SECURE: true, singleOrigin: false } })
    const request = { method: 'POST', url: '/api/auth/login', payload: { username: 'alice', password } } as const
    const response = await secure.inject(request)
    expect(response.statusCode).toBe(403)
    expect(response.json().code).toBe('https-required')
    await secure.close()
  })

  it('uses a __Host- cookie over HTTPS with a host of its own', async () => {
    const config = { COOKIE_SECURE: true, singleOrigin: false, TRUSTED_PROXY: ['127.0.0.1'] }
    const secure = await createTestServer(database, { config })
    const response = await secure.inject({
      method: 'POST',
      url: '/api/auth/login',
      headers: { 'x-forwarded-proto': 'https' },
      payload: { username: 'alice', password },
    })
    expect(response.headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-rsp_session=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Strict$/),
      expect.stringMatching(/^__Host-rsp_device=[^;]+; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Strict$/),
    ])
    await secure.close()
  })
})

describe('a session', () => {
  it('survives a restart of the manager', async () => {
    const cookie = await signIn(server, 'alice')
    const restarted = await createTestServer(database)
    expect((await me(cookie, restarted)).statusCode).toBe(200)
    await restarted.close()
  })

  it('ends with the sign-out, which also clears the cookie', async () => {
    const cookie = await signIn(server, 'alice')
    const response = await logout(cookie)
    expect(response.statusCode).toBe(204)
    expect(response.body).toBe('')
    expect(response.headers['set-cookie']).toMatch(/^rsp_session=; Max-Age=0; Path=\/api; /)
    expect(response.headers['clear-site-data']).toBe('"cache", "storage"')
    expect((await me(cookie)).statusCode).toBe(401)
    expect((await logout(cookie)).statusCode).toBe(401)
  })

  it('ends when its user is disabled', async () => {
    const cookie = await signIn(server, 'alice')
    await database.db.update(users).set({ disabledAt: new Date() })
    expect((await me(cookie)).statusCode).toBe(401)
  })

  it('ends after eight idle hours, and at its absolute limit', async () => {
    const cookie = await signIn(server, 'alice')
    await database.db.update(loginSessions).set({ lastSeenAt: sql`now() - interval '7 hours 59 minutes'` })
    expect((await me(cookie)).statusCode).toBe(200)
    await database.db.update(loginSessions).set({ lastSeenAt: sql`now() - interval '8 hours 1 minute'` })
    expect((await me(cookie)).statusCode).toBe(401)
    await database.db.update(loginSessions).set({ lastSeenAt: sql`now()`, expiresAt: sql`now()` })
    expect((await me(cookie)).statusCode).toBe(401)
  })

  it('of an admin ends after one idle hour', async () => {
    await addUser(database, 'root', 'admin')
    const cookie = await signIn(server, 'root')
    await database.db.update(loginSessions).set({ lastSeenAt: sql`now() - interval '61 minutes'` })
    expect((await me(cookie)).statusCode).toBe(401)
  })

  it('is marked as seen at most once a minute', async () => {
    const cookie = await signIn(server, 'alice')
    const seen = async () => (await database.db.select().from(loginSessions))[0]?.lastSeenAt.getTime()
    const first = await seen()
    await me(cookie)
    expect(await seen()).toBe(first)
    await database.db.update(loginSessions).set({ lastSeenAt: sql`now() - interval '2 minutes'` })
    await me(cookie)
    expect(await seen()).toBeGreaterThanOrEqual(first ?? 0)
  })

  it.each([
    ['no cookie', ''],
    ['an empty cookie', 'rsp_session='],
    ['an unsigned id', 'rsp_session=abc'],
    ['the name of the HTTPS cookie', '__Host-rsp_session=abc.def'],
    ['a long header', 'a=b; '.repeat(2000)],
  ])('is nobody with %s', async (_name, cookie) => {
    const response = await me(cookie)
    expect(response.statusCode).toBe(401)
    expect(response.json().code).toBe('not-signed-in')
  })

  it('is refused when its cookie comes twice', async () => {
    const cookie = await signIn(server, 'alice')
    expect((await me(`${cookie}; rsp_session=other`)).statusCode).toBe(400)
  })

  it('that cannot be looked up is an error, never nobody', async () => {
    const broken = await createTestServer(database, {
      services: {
        auth: {
          ...createPeople(database.db).auth,
          findSession: async () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })),
        },
      },
    })
    const response = await me(await signIn(server, 'alice'), broken)
    expect(response.statusCode).toBe(503)
    expect(response.headers['retry-after']).toBe('5')
    expect(response.json().code).toBe('database-unavailable')
    await broken.close()
  })
})

it('a sign-in that was under way while the password changed is none', async () => {
  const { auth } = createPeople(database.db)
  const caller = { address: '127.0.0.1', browser: 'test', requestId: 'test' }
  const signingIn = await auth.verify({ username: 'alice', password }, undefined, caller)
  await auth.changePassword(signingIn, { currentPassword: password, newPassword: 'another long one' })
  await auth.openSession('late', signingIn, 'login')
  expect(await auth.findSession('late')).toBeUndefined()
})

it('refuses a sign-in while too many passwords wait to be hashed', async () => {
  const { auth } = createPeople(database.db, createPasswords({ slots: 0, waiting: 0 }))
  const busy = await createTestServer(database, { services: { auth } })
  const response = await busy.inject({
    method: 'POST',
    url: '/api/auth/login',
    payload: { username: 'alice', password },
  })
  expect(response.statusCode).toBe(429)
  expect(response.json()).toMatchObject({ code: 'too-many-requests' })
  await busy.close()
})

describe('the password once more', () => {
  const tokens = (cookie: string, on = server) =>
    on.inject({ method: 'POST', url: '/api/auth/tokens', headers: fromPage(cookie), payload: { name: 't' } })
  const verify = (cookie: string, given: string) =>
    server.inject({ method: 'POST', url: '/api/auth/verify', headers: fromPage(cookie), payload: { password: given } })

  it('is needed for tokens after a quarter of an hour where apps share the host', async () => {
    const cookie = await signIn(server, 'alice')
    expect((await tokens(cookie)).statusCode).toBe(201)
    await database.db.update(loginSessions).set({ verifiedAt: sql`now() - interval '16 minutes'` })
    expect((await tokens(cookie)).json()).toMatchObject({ status: 403, code: 'password-needed' })
    expect((await me(cookie)).statusCode).toBe(200)
    expect((await verify(cookie, 'wrong wrong')).json()).toMatchObject({ status: 403, code: 'current-password-wrong' })
    expect((await tokens(cookie)).statusCode).toBe(403)
    expect((await verify(cookie, password)).statusCode).toBe(204)
    expect((await tokens(cookie)).statusCode).toBe(201)
  })

  it('is not where the dashboard has a host of its own', async () => {
    const config = { singleOrigin: false }
    const apart = await createTestServer(database, { config })
    const cookie = await signIn(apart, 'alice')
    await database.db.update(loginSessions).set({ verifiedAt: sql`now() - interval '16 minutes'` })
    expect((await tokens(cookie, apart)).statusCode).toBe(201)
    await apart.close()
  })
})
