import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { auditEvents, throttles } from '../../src/db/schema.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { addUser, createTestServer, password } from '../helpers/test-server.ts'

let database: Database
let server: FastifyInstance

beforeAll(async () => {
  database = await openTestDatabase()
  server = await createTestServer(database, { config: { TRUSTED_PROXY: ['127.0.0.1'] } })
})

beforeEach(async () => {
  await emptyTables(database)
  await addUser(database, 'alice')
})

afterAll(async () => {
  await server.close()
  await database[Symbol.asyncDispose]()
})

interface From {
  address?: string
  cookie?: string
}
const login = (username: string, given: string, { address = '203.0.113.9', cookie }: From = {}) =>
  server.inject({
    method: 'POST',
    url: '/api/auth/login',
    headers: { 'x-forwarded-for': address, ...(cookie && { cookie, origin: 'http://localhost:8880' }) },
    payload: { username, password: given },
  })
/** From another address each time. */
const guess = (count: number, username = 'alice') => login(username, 'wrong wrong', { address: `198.51.100.${count}` })
const pause = () => database.db.update(throttles).set({ blockedUntil: sql`now() - interval '1 second'` })

describe('an account', () => {
  it('takes five wrong passwords, then one after 1, 2, 4 … seconds, wherever they come from', async () => {
    for (let count = 1; count <= 5; count++) expect((await guess(count)).statusCode).toBe(401)
    const waits = []
    for (let count = 6; count <= 13; count++) {
      const refused = await guess(count)
      expect(refused.statusCode).toBe(429)
      expect(refused.json()).toMatchObject({ code: 'too-many-requests' })
      waits.push(Number(refused.headers['retry-after']))
      await pause()
      expect((await guess(100 + count)).statusCode).toBe(401)
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
  })

  it('is as slow when there is no such account', async () => {
    for (let count = 1; count <= 5; count++) expect((await guess(count, 'Nobody')).statusCode).toBe(401)
    expect((await guess(6, 'nobody')).statusCode).toBe(429)
  })

  it('takes five of forty that come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, count) => guess(count)))
    const statuses = answers.map(({ statusCode }) => statusCode)
    expect(statuses.filter((status) => status === 401)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(35)
  })

  it('begins anew with the right password', async () => {
    for (let count = 1; count <= 4; count++) await guess(count)
    expect((await login('alice', password)).statusCode).toBe(200)
    for (let count = 1; count <= 5; count++) expect((await guess(count)).statusCode).toBe(401)
  })

  it('stays open for a browser that signed it in before', async () => {
    const first = await login('alice', password)
    const device = first.cookies.find(({ name }) => name === 'rsp_device')
    const cookie = `rsp_device=${device?.value}`
    for (let count = 1; count <= 6; count++) await guess(count)
    expect((await login('alice', password)).statusCode).toBe(429)
    expect((await login('alice', password, { cookie })).statusCode).toBe(200)
    // Of another account, or made up: no better than none.
    await addUser(database, 'bob')
    for (let count = 1; count <= 6; count++) await guess(count, 'bob')
    expect((await login('bob', password, { cookie })).statusCode).toBe(429)
    expect((await login('alice', password, { cookie: 'rsp_device=a.b' })).statusCode).toBe(429)
  })
})

describe('an address', () => {
  it('fails ten times a minute, whatever accounts it tries', async () => {
    for (let count = 1; count <= 10; count++) expect((await login(`user${count}`, 'wrong')).statusCode).toBe(401)
    const refused = await login('user11', 'wrong')
    expect(refused.statusCode).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50)
    expect((await login('alice', password)).statusCode).toBe(429)
    expect((await login('alice', password, { address: '203.0.113.10' })).statusCode).toBe(200)
  })

  it('is a whole /64 of IPv6', async () => {
    for (let count = 1; count <= 10; count++) {
      const address = `2001:db8:0:1::${count.toString(16)}`
      expect((await login(`user${count}`, 'wrong', { address })).statusCode).toBe(401)
    }
    expect((await login('user11', 'wrong', { address: '2001:db8:0:1:ffff::1' })).statusCode).toBe(429)
    expect((await login('user11', 'wrong', { address: '2001:db8:0:2::1' })).statusCode).toBe(401)
  })

  it('is not used up by sign-ins that succeed', async () => {
    for (let count = 1; count <= 15; count++) expect((await login('alice', password)).statusCode).toBe(200)
  })

  it('opens again when the minute is over', async () => {
    for (let count = 1; count <= 11; count++) await login(`user${count}`, 'wrong')
    await database.db.update(throttles).set({ windowEndsAt: sql`now()` })
    expect((await login('alice', password)).statusCode).toBe(200)
  })
})

it('keeps no name and no address in its table, and a line of the audit log for each failure', async () => {
  await guess(1)
  await login('x'.repeat(64), 'wrong')
  expect(JSON.stringify(await database.db.select().from(throttles))).not.toMatch(/alice|198\.51/)
  const events = await database.db.select().from(auditEvents).orderBy(auditEvents.at)
  expect(events).toMatchObject([
    { action: 'login', result: 'failed', actorId: null, actorName: 'alice', address: '198.51.100.1', auth: 'none' },
    { action: 'login', result: 'failed', actorName: 'x'.repeat(64), address: '203.0.113.9' },
  ])
  expect(JSON.stringify(events)).not.toContain('wrong wrong')
})
