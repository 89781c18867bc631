import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { auditEvents, installation, users } from '../../src/db/schema.ts'
import { createStore } from '../../src/repositories/store.ts'
import { offerSetup } from '../../src/services/setup.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { addUser, cookieOf, createTestServer, fromPage } from '../helpers/test-server.ts'

let database: Database
let server: FastifyInstance
let logged: { setupUrl?: string }[]

beforeAll(async () => {
  database = await openTestDatabase()
  server = await createTestServer(database)
})

beforeEach(async () => {
  await emptyTables(database)
  await createStore(database.db).installation.claim('11111111-2222-4333-8444-555555555555')
  logged = []
})

afterAll(async () => {
  await server.close()
  await database[Symbol.asyncDispose]()
})

const offer = async () => {
  const log = { warn: (fields: object) => logged.push(fields) }
  await offerSetup({ store: createStore(database.db), managerUrl: 'https://apps.example/', log })
  return logged.at(-1)?.setupUrl?.split('#')[1] ?? ''
}
const isNeeded = async () => (await server.inject({ url: '/api/setup' })).json().needed
const setUp = (token: string, more: object = {}) =>
  server.inject({
    method: 'POST',
    url: '/api/setup',
    payload: { token, username: 'ada', password: 'correct horse battery', ...more },
  })

describe('an installation without users', () => {
  it('logs a link, once each start, and takes its token once', async () => {
    expect(await isNeeded()).toBe(true)
    const token = await offer()
    expect(logged[0]?.setupUrl).toMatch(/^https:\/\/apps\.example\/setup#[\w-]{43}$/)
    expect(JSON.stringify(await database.db.select().from(installation))).not.toContain(token)

    const done = await setUp(token, { displayName: 'Ada L.' })
    expect(done.statusCode).toBe(201)
    expect(done.json()).toEqual({
      user: { id: expect.any(String), username: 'ada', displayName: 'Ada L.', role: 'admin' },
    })
    const me = await server.inject({ url: '/api/auth/me', headers: fromPage(cookieOf(done)) })
    expect(me.json()).toMatchObject({ user: { username: 'ada', role: 'admin' }, via: 'session' })

    expect(await isNeeded()).toBe(false)
    expect((await setUp(token, { username: 'eve' })).json()).toMatchObject({ status: 409, code: 'already-set-up' })
    logged = []
    await offer()
    expect(logged).toEqual([])
    expect(await database.db.select().from(auditEvents)).toMatchObject([
      { action: 'set-up', result: 'success', actorName: 'ada', objectType: 'user' },
      { action: 'set-up', result: 'failed', actorName: 'eve' },
    ])
  })

  it('makes one admin of ten calls at once', async () => {
    const token = await offer()
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, count) => setUp(token, { username: `ada${count}` })),
    )
    const statuses = answers.map(({ statusCode }) => statusCode)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => status !== 201).every((status) => status === 409)).toBe(true)
    expect(await database.db.select().from(users)).toHaveLength(1)
  })

  it('takes no other token, none that is an hour old, and none of an earlier start', async () => {
    const first = await offer()
    const token = await offer()
    for (const wrong of ['x', first, `${token}x`]) {
      expect((await setUp(wrong)).json()).toMatchObject({ status: 403, code: 'setup-token-wrong' })
    }
    await database.db.update(installation).set({ setupExpiresAt: sql`now()` })
    expect((await setUp(token)).json()).toMatchObject({ status: 403, code: 'setup-token-wrong' })
    expect(await isNeeded()).toBe(true)
  })

  it('slows down who guesses', async () => {
    await offer()
    const answers = []
    for (let count = 0; count < 11; count++) answers.push((await setUp('guess')).statusCode)
    expect(answers).toEqual([...Array<number>(10).fill(403), 429])
  })

  it('refuses a weak password and keeps its token', async () => {
    const token = await offer()
    const refused = await setUp(token, { password: 'password1' })
    expect(refused.json()).toMatchObject({ status: 400, errors: [{ path: 'password' }] })
    expect((await setUp(token)).statusCode).toBe(201)
  })

  it('answers nothing else', async () => {
    expect((await server.inject({ url: '/api/apps' })).statusCode).toBe(401)
  })
})

it('is over where there is a user already', async () => {
  await addUser(database, 'alice')
  const token = await offer()
  expect(token).toBe('')
  expect((await setUp('any')).json()).toMatchObject({ code: 'already-set-up' })
})
