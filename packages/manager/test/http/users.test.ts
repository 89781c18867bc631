import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { apps, auditEvents, loginSessions, users } from '../../src/db/schema.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { addUser, cookieOf, createTestServer, fromPage, password, signIn } from '../helpers/test-server.ts'

let database: Database
let server: FastifyInstance
let root: string
let rootId: string
let aliceId: string

beforeAll(async () => {
  database = await openTestDatabase()
  server = await createTestServer(database)
})

beforeEach(async () => {
  await emptyTables(database)
  rootId = await addUser(database, 'root', 'admin')
  aliceId = await addUser(database, 'alice')
  root = await signIn(server, 'root')
})

afterAll(async () => {
  await server.close()
  await database[Symbol.asyncDispose]()
})

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
const ask = (method: Method, url: string, payload?: object, cookie = root) =>
  server.inject({ method, url, headers: fromPage(cookie), ...(payload && { payload }) })
const isSignedIn = async (cookie: string) => (await ask('GET', '/api/auth/me', undefined, cookie)).statusCode === 200

describe('an admin', () => {
  it('makes an account that can sign in, and reads it back without its hash', async () => {
    const made = await ask('POST', '/api/users', {
      username: 'bob',
      password: 'a long enough one',
      role: 'user',
      email: 'bob@example.org',
    })
    expect(made.statusCode).toBe(201)
    const account = made.json()
    expect(account).toEqual({
      id: expect.any(String),
      username: 'bob',
      displayName: null,
      email: 'bob@example.org',
      role: 'user',
      disabled: false,
      apps: 0,
      createdAt: expect.any(String),
      lastSeenAt: null,
    })
    expect(made.headers.location).toBe(`/api/users/${account.id}`)
    expect((await ask('GET', `/api/users/${account.id}`)).json()).toEqual(account)
    const payload = { username: 'bob', password: 'a long enough one' }
    expect((await server.inject({ method: 'POST', url: '/api/auth/login', payload })).statusCode).toBe(200)
    expect(made.body).not.toContain('argon2')
  })

  it('finds accounts by name, page by page', async () => {
    for (const name of ['Carl', 'bert', 'dora']) await addUser(database, name)
    const first = (await ask('GET', '/api/users?limit=3')).json()
    expect(first.items.map(({ username }: { username: string }) => username)).toEqual(['alice', 'bert', 'Carl'])
    const rest = (await ask('GET', `/api/users?limit=3&cursor=${first.nextCursor}`)).json()
    expect(rest.items.map(({ username }: { username: string }) => username)).toEqual(['dora', 'root'])
    expect(rest.nextCursor).toBeNull()
    const found = (await ask('GET', '/api/users?q=AR')).json()
    expect(found.items).toMatchObject([{ username: 'Carl' }])
  })

  it('takes no name twice, whatever its case', async () => {
    const response = await ask('POST', '/api/users', { username: 'ALICE', password: 'a long enough one', role: 'user' })
    expect(response.json()).toMatchObject({ status: 409, code: 'username-taken' })
  })

  it('disables: every sign-in of the user ends at once, and none begins', async () => {
    const alice = await signIn(server, 'alice')
    const changed = await ask('PATCH', `/api/users/${aliceId}`, { disabled: true })
    expect(changed.json()).toMatchObject({ disabled: true })
    expect(await isSignedIn(alice)).toBe(false)
    const payload = { username: 'alice', password }
    expect((await server.inject({ method: 'POST', url: '/api/auth/login', payload })).statusCode).toBe(401)
    await ask('PATCH', `/api/users/${aliceId}`, { disabled: false })
    expect(await isSignedIn(alice)).toBe(false)
    expect((await server.inject({ method: 'POST', url: '/api/auth/login', payload })).statusCode).toBe(200)
  })

  it('gives a new password: the old one and every sign-in end', async () => {
    const alice = await signIn(server, 'alice')
    await ask('PATCH', `/api/users/${aliceId}`, { password: 'another long one' })
    expect(await isSignedIn(alice)).toBe(false)
    const login = (given: string) =>
      server.inject({ method: 'POST', url: '/api/auth/login', payload: { username: 'alice', password: given } })
    expect((await login(password)).statusCode).toBe(401)
    expect((await login('another long one')).statusCode).toBe(200)
  })

  it('changes a role, which counts from the next request on', async () => {
    const alice = await signIn(server, 'alice')
    expect((await ask('GET', '/api/users', undefined, alice)).statusCode).toBe(403)
    await ask('PATCH', `/api/users/${aliceId}`, { role: 'admin' })
    expect((await ask('GET', '/api/users', undefined, alice)).statusCode).toBe(200)
    await ask('PATCH', `/api/users/${aliceId}`, { role: 'user' })
    expect((await ask('GET', '/api/users', undefined, alice)).statusCode).toBe(403)
  })

  it('sees and ends the login sessions of a user', async () => {
    const alice = await signIn(server, 'alice')
    const list = (await ask('GET', `/api/users/${aliceId}/sessions`)).json()
    expect(list.items).toMatchObject([{ address: '127.0.0.1', browser: 'lightMyRequest', current: false }])
    expect((await ask('DELETE', `/api/users/${aliceId}/sessions`)).statusCode).toBe(204)
    expect(await isSignedIn(alice)).toBe(false)
  })

  it('deletes an account that owns nothing', async () => {
    await ownsAnApp(aliceId)
    expect((await ask('DELETE', `/api/users/${aliceId}`)).json()).toMatchObject({ status: 409, code: 'user-owns-apps' })
    await database.db.delete(apps)
    expect((await ask('DELETE', `/api/users/${aliceId}`)).statusCode).toBe(204)
    expect((await ask('DELETE', `/api/users/${aliceId}`)).statusCode).toBe(404)
  })

  it('cannot shut himself out, and the last one stays', async () => {
    const own = `/api/users/${rootId}`
    expect((await ask('DELETE', own)).json()).toMatchObject({ status: 409, code: 'last-admin' })
    expect((await ask('PATCH', own, { role: 'user' })).json()).toMatchObject({ status: 409, code: 'last-admin' })
    await addUser(database, 'second', 'admin')
    expect((await ask('DELETE', own)).json()).toMatchObject({ status: 409, code: 'own-account' })
    expect((await ask('PATCH', own, { disabled: true })).json()).toMatchObject({ status: 409, code: 'own-account' })
    expect((await ask('PATCH', own, { displayName: 'Root' })).json()).toMatchObject({ displayName: 'Root' })
    const stolen = await ask('PATCH', own, { password: 'another long one' })
    expect(stolen.json()).toMatchObject({ status: 409, code: 'own-account' })
  })

  it('leaves one of two admins who demote, disable or delete each other at once', async () => {
    for (let round = 0; round < 10; round++) {
      const otherId = await addUser(database, `other${round}`, 'admin')
      const other = await signIn(server, `other${round}`)
      const act = (by: string, target: string) =>
        round % 3 === 0
          ? ask('DELETE', `/api/users/${target}`, undefined, by)
          : ask('PATCH', `/api/users/${target}`, round % 3 === 1 ? { role: 'user' } : { disabled: true }, by)
      const answers = await Promise.all([act(root, otherId), act(other, rootId)])
      expect(answers.filter(({ statusCode }) => statusCode < 300)).toHaveLength(1)
      const rows = await database.db.select().from(users).where(eq(users.role, 'admin'))
      expect(rows.filter(({ disabledAt }) => disabledAt === null)).toHaveLength(1)
      await emptyTables(database)
      rootId = await addUser(database, 'root', 'admin')
      root = await signIn(server, 'root')
    }
  })
})

describe('a user', () => {
  it('changes display name and address', async () => {
    const alice = await signIn(server, 'alice')
    const changed = await ask('PATCH', '/api/auth/me', { displayName: 'Alice L.', email: 'a@example.org' }, alice)
    expect(changed.json()).toMatchObject({ user: { displayName: 'Alice L.' }, email: 'a@example.org' })
    expect((await ask('GET', '/api/auth/me', undefined, alice)).json()).toEqual(changed.json())
  })

  it('changes the password: other sign-ins end, this one goes on under a new id', async () => {
    const here = await signIn(server, 'alice')
    const elsewhere = await signIn(server, 'alice')
    const token = (await ask('POST', '/api/auth/tokens', { name: 't' }, here)).json().token
    const body = { currentPassword: password, newPassword: 'another long one' }
    const changed = await ask('PUT', '/api/auth/password', body, here)
    expect(changed.statusCode).toBe(204)
    expect(await isSignedIn(elsewhere)).toBe(false)
    expect(await isSignedIn(here)).toBe(false)
    expect(await isSignedIn(cookieOf(changed))).toBe(true)
    const bearer = await server.inject({ url: '/api/auth/me', headers: { authorization: `Bearer ${token}` } })
    expect(bearer.statusCode).toBe(401)
  })

  it('needs the current password for that, and a few wrong ones are too many', async () => {
    const alice = await signIn(server, 'alice')
    const body = { currentPassword: 'wrong wrong', newPassword: 'another long one' }
    const statuses = []
    for (let count = 0; count < 6; count++)
      statuses.push((await ask('PUT', '/api/auth/password', body, alice)).statusCode)
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429])
    expect(await isSignedIn(alice)).toBe(true)
  })

  it('lists where he is signed in, and ends one of them, none of another’s', async () => {
    const here = await signIn(server, 'alice')
    const elsewhere = await signIn(server, 'alice')
    const list = (await ask('GET', '/api/auth/sessions', undefined, here)).json().items
    expect(list.map(({ current }: { current: boolean }) => current).sort()).toEqual([false, true])
    const other = list.find(({ current }: { current: boolean }) => !current)
    expect((await ask('DELETE', `/api/auth/sessions/${other.id}`, undefined, root)).statusCode).toBe(404)
    expect((await ask('DELETE', `/api/auth/sessions/${other.id}`, undefined, here)).statusCode).toBe(204)
    expect(await isSignedIn(elsewhere)).toBe(false)
    expect(await isSignedIn(here)).toBe(true)
    const rows = await database.db.select().from(loginSessions).where(eq(loginSessions.userId, aliceId))
    expect(rows.every(({ idHash }) => !JSON.stringify(list).includes(idHash))).toBe(true)
  })
})

it('writes down who did what to whom', async () => {
  await ask('PATCH', `/api/users/${aliceId}`, { role: 'admin', password: 'another long one' })
  const events = await database.db.select().from(auditEvents).where(eq(auditEvents.action, 'user.update'))
  expect(events).toMatchObject([
    { actorId: rootId, actorName: 'root', auth: 'session', objectId: aliceId, objectName: 'alice', result: 'success' },
  ])
  expect(events[0]?.detail).toBe('role: admin, password')
})

async function ownsAnApp(ownerId: string) {
  const facts = { entryScript: 'app.R', mode: 'ocap' as const, replicas: 1, resources: {}, packages: [] }
  const more = { systemPackages: [], rVersion: 'latest', subnetIndex: 1, codeSource: { type: 'upload' as const } }
  await database.db.insert(apps).values({ id: randomUUID(), slug: 'one', name: 'One', ownerId, ...facts, ...more })
}
