import { randomBytes } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { loginSessions, users } from '../../../src/db/schema.ts'
import type { SignedIn } from '../../helpers/signed-in.ts'
import { addUser, createTestServer, password } from '../../helpers/test-server.ts'
import { outgoing, send } from '../send.ts'
import type { World } from '../world.ts'

const someone = () => `u${randomBytes(5).toString('hex')}`

const statusOf = async (asked: Promise<unknown>) =>
  asked.then(
    () => 200,
    (error: { status: number }) => error.status,
  )
const meStatus = ({ call }: SignedIn) => statusOf(call('GET /api/auth/me', {}))

const failTen = async ({ port, names }: World, more: (count: number) => Record<string, string> = () => ({})) => {
  const statuses = []
  for (let count = 0; count < 11; count++) {
    const body = { username: `nobody${count}`, password: 'definitely-wrong-1' }
    const request = {
      id: '',
      area: '',
      kind: 'request' as const,
      method: 'POST',
      path: '/api/auth/login',
      auth: 'none',
    }
    const input = { ...request, why: '', expect_status: [], body, headers: more(count) }
    statuses.push((await send(port, outgoing(input, names, {}))).status)
  }
  expect(statuses).toEqual([...Array<number>(10).fill(401), 429])
}

/** With cookies as over HTTPS with two hosts. */
async function overHttps({ database }: World, cookie = '') {
  const config = { COOKIE_SECURE: true, singleOrigin: false, TRUSTED_PROXY: ['127.0.0.1'] }
  const server = await createTestServer(database, { config })
  const headers = { 'x-forwarded-proto': 'https', origin: 'http://localhost:8880', ...(cookie && { cookie }) }
  return { server, headers, [Symbol.asyncDispose]: async () => void (await server.close()) }
}

export const signInScenarios: Record<string, (world: World) => Promise<void>> = {
  'login-throttle-ip': failTen,

  'login-throttle-xff-spoof': (world) =>
    failTen(world, (count) => {
      const address = `198.51.100.${count}`
      return { 'x-forwarded-for': address, 'x-real-ip': address, forwarded: `for=${address}`, x_forwarded_for: address }
    }),

  async 'login-fixation'({ manager, headers }) {
    const unknown = await fetch(`${manager.url}/api/auth/me`)
    expect(unknown.headers.getSetCookie()).toEqual([])
    const planted = headers.owner?.cookie ?? ''
    const signedIn = await fetch(`${manager.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: planted, 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ username: 'alice', password }),
    })
    expect(signedIn.status).toBe(200)
    const [fresh = ''] = signedIn.headers.getSetCookie()[0]?.split(';') ?? []
    expect(fresh).not.toBe(planted)
    const with_ = async (cookie: string) => (await fetch(`${manager.url}/api/auth/me`, { headers: { cookie } })).status
    expect([await with_(planted), await with_(fresh)]).toEqual([401, 200])
    headers.owner = { cookie: fresh }
  },

  async 'login-cookie-attributes'(world) {
    await using https = await overHttps(world)
    const payload = { username: 'alice', password }
    const { headers } = https
    const response = await https.server.inject({ method: 'POST', url: '/api/auth/login', headers, payload })
    expect(response.statusCode).toBe(200)
    expect(response.headers['set-cookie']).toContainEqual(
      expect.stringMatching(/^__Host-rsp_session=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Strict$/),
    )
  },

  async 'session-unprefixed-cookie'(world) {
    const value = world.names.sessionCookie
    const me = async (cookie: string) => {
      await using https = await overHttps(world, cookie)
      return (await https.server.inject({ url: '/api/auth/me', headers: https.headers })).statusCode
    }
    expect(await me(`__Host-rsp_session=${value}`)).toBe(200)
    expect(await me(`rsp_session=${value}`)).toBe(401)
  },

  async 'session-resurrection'({ manager }) {
    const api = await manager.signIn(someone())
    const cookie = api.cookie()
    const asks = Array.from({ length: 20 }, () => meStatus(api))
    const out = api.call('POST /api/auth/logout', {})
    await Promise.all([...asks, out])
    const again = await fetch(`${manager.url}/api/auth/me`, { headers: { cookie } })
    expect(again.status).toBe(401)
  },

  async 'session-after-password-change'({ manager }) {
    const name = someone()
    const [first, second] = [await manager.signIn(name), await manager.signIn(name)]
    const body = { currentPassword: password, newPassword: 'another long one' }
    await first.call('PUT /api/auth/password', { body })
    expect([await meStatus(first), await meStatus(second)]).toEqual([200, 401])
  },

  async 'session-role-demotion'({ manager, database }) {
    const name = someone()
    const userId = await addUser(database, name, 'admin')
    const demoted = await manager.signIn(name)
    const list = () => statusOf(demoted.call('GET /api/users', { querystring: {} }))
    expect(await list()).toBe(200)
    const admin = await manager.signIn('admin')
    await admin.call('PATCH /api/users/:userId', { params: { userId }, body: { role: 'user' } })
    expect(await list()).toBe(403)
  },

  async 'session-absolute-timeout'({ manager, database }) {
    const name = someone()
    const api = await manager.signIn(name)
    const mine = eq(loginSessions.userId, sql`(select id from ${users} where username = ${name})`)
    for (const left of ['2 seconds', '1 second']) {
      await database.db
        .update(loginSessions)
        .set({ expiresAt: sql`now() + ${left}::interval` })
        .where(mine)
      expect(await meStatus(api)).toBe(200)
    }
    await database.db.update(loginSessions).set({ expiresAt: sql`now() - interval '1 second'` }).where(mine)
    expect(await meStatus(api)).toBe(401)
  },

  async 'token-too-many'({ manager }) {
    const { call } = await manager.signIn(someone())
    const make = (count: number) => statusOf(call('POST /api/auth/tokens', { body: { name: `t${count}` } }))
    for (let count = 0; count < 50; count++) expect(await make(count)).toBe(200)
    expect(await make(50)).toBe(409)
  },

  async 'token-delete-twice'({ manager }) {
    const { call } = await manager.signIn(someone())
    const { id } = await call('POST /api/auth/tokens', { body: { name: 't' } })
    const remove = () => statusOf(call('DELETE /api/auth/tokens/:tokenId', { params: { tokenId: id } }))
    expect([await remove(), await remove()]).toEqual([200, 404])
  },

  async 'user-demote-race'({ manager, database }) {
    const [oneId, otherId] = [await addUser(database, someone(), 'admin'), await addUser(database, someone(), 'admin')]
    await database.db.update(users).set({ disabledAt: new Date() }).where(eq(users.username, 'admin'))
    const nameOf = async (id: string) =>
      (await database.db.select().from(users).where(eq(users.id, id)))[0]?.username ?? ''
    const one = await manager.signIn(await nameOf(oneId))
    const other = await manager.signIn(await nameOf(otherId))
    const demote = (api: SignedIn, userId: string) =>
      statusOf(api.call('PATCH /api/users/:userId', { params: { userId }, body: { role: 'user' } }))
    const statuses = await Promise.all([demote(one, otherId), demote(other, oneId)])
    await database.db.update(users).set({ disabledAt: null }).where(eq(users.username, 'admin'))
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
  },

  async 'race-token-revoke-race'({ manager }) {
    const { call } = await manager.signIn(someone())
    const { id, token } = await call('POST /api/auth/tokens', { body: { name: 't' } })
    const use = async () =>
      (await fetch(`${manager.url}/api/apps`, { headers: { authorization: `Bearer ${token}` } })).status
    const during = Promise.all(Array.from({ length: 30 }, use))
    await call('DELETE /api/auth/tokens/:tokenId', { params: { tokenId: id } })
    expect(await Promise.all(Array.from({ length: 10 }, use))).toEqual(Array<number>(10).fill(401))
    expect((await during).filter((status) => status !== 200 && status !== 401)).toEqual([])
  },
}
