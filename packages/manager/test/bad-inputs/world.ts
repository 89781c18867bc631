import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq, notInArray } from 'drizzle-orm'
import type { Database } from '../../src/db/database.ts'
import { apiTokens, apps, auditEvents, throttles, users } from '../../src/db/schema.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'
import { addUser, password } from '../helpers/test-server.ts'
import type { Placeholders } from './case-file.ts'
import { type GitHosts, startGitHosts } from './git-hosts.ts'

export interface World extends AsyncDisposable {
  manager: TestManager
  port: number
  names: Placeholders
  database: Database
  /** What proves who asks, by the `auth` of a case. */
  headers: Record<string, Record<string, string>>
  gitHosts: GitHosts | undefined
  stagedFiles(): Promise<string[]>
  /** Apps that cases have made go, so that each finds what the first one found. */
  reset(): Promise<void>
}

/** The whole manager with the people and apps that the cases take for granted. */
export async function openWorld(): Promise<World> {
  const database = await openTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'rsp-bad-inputs-'))
  const gitHosts = await startGitHosts()
  const manager = await startTestManager(database, { dataDir, ...(gitHosts && { git: gitHosts }) })
  const port = Number(new URL(manager.url).port)
  const people = await addPeople(database, manager)
  const made = await addApps(manager)
  const tokens = await addTokens(database, manager)
  const headers: World['headers'] = { none: {}, bearer: { authorization: `Bearer ${tokens.validToken}` } }
  for (const [auth, name] of Object.entries(signedIn)) headers[auth] = await cookieOf(manager.url, name)
  headers['owner+bearer-other'] = { ...headers.owner, authorization: `Bearer ${tokens.otherToken}` }
  const [audited] = await database.db.select({ id: auditEvents.id }).from(auditEvents).limit(1)
  return {
    ...{ manager, port, database, headers, gitHosts },
    names: {
      ...people,
      ...made,
      ...tokens,
      auditId: audited?.id ?? '',
      appIdUpper: made.appId.toUpperCase(),
      currentPassword: password,
      sessionCookie: headers.owner?.cookie?.split('=')[1] ?? '',
      MANAGER_HOST: 'localhost:8880',
      MANAGER_HOST_UPPER: 'LOCALHOST:8880',
      APPS_HOST: 'localhost:8880',
      ORIGIN: 'http://localhost:8880',
    },
    stagedFiles: () => readdir(join(dataDir, 'staging')),
    async reset() {
      const rows = await database.db.select({ id: apps.id }).from(apps)
      const added = rows.filter(({ id }) => !Object.values(made).includes(id))
      for (const { id } of added) await database.db.delete(apps).where(eq(apps.id, id))
      await database.db.delete(users).where(notInArray(users.username, [...fixed]))
      await database.db.delete(throttles)
    },
    async [Symbol.asyncDispose]() {
      await manager[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      await gitHosts?.[Symbol.asyncDispose]()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const signedIn = { owner: 'alice', 'owner-2': 'alice', admin: 'admin' }

const fixed = ['admin', 'alice', 'bob', 'disabled', 'gone']

async function addPeople(database: Database, manager: TestManager) {
  await manager.signIn('admin')
  const adminId = await idOf(database, 'admin')
  const ownerId = await addUser(database, 'alice')
  const otherUserId = await addUser(database, 'bob')
  const disabledId = await addUser(database, 'disabled')
  await database.db.update(users).set({ disabledAt: new Date() }).where(eq(users.id, disabledId))
  return { ownerId, userId: ownerId, otherUserId, selfId: adminId, adminAId: adminId, lastAdminId: adminId }
}

async function idOf({ db }: Database, username: string) {
  const [row] = await db.select({ id: users.id }).from(users).where(eq(users.username, username))
  return row?.id ?? ''
}

async function addTokens({ db }: Database, manager: TestManager) {
  const make = async (username: string) => {
    const { call } = await manager.signIn(username)
    return call('POST /api/auth/tokens', { body: { name: 'a token' } })
  }
  const end = (id: string, change: Partial<typeof apiTokens.$inferInsert>) =>
    db.update(apiTokens).set(change).where(eq(apiTokens.id, id))
  const [valid, expired, revoked, other] = [
    await make('alice'),
    await make('alice'),
    await make('alice'),
    await make('bob'),
  ]
  await end(expired.id, { expiresAt: new Date(0) })
  await end(revoked.id, { revokedAt: new Date() })
  await db.update(users).set({ disabledAt: null }).where(eq(users.username, 'disabled'))
  const ofDisabled = await make('disabled')
  await db.update(users).set({ disabledAt: new Date() }).where(eq(users.username, 'disabled'))
  const ofDeleted = await make('gone')
  await db.delete(users).where(eq(users.username, 'gone'))
  const last = valid.token.endsWith('0') ? '1' : '0'
  return {
    ...{ validToken: valid.token, expiredToken: expired.token, revokedToken: revoked.token, otherToken: other.token },
    ...{ tokenOfDisabledUser: ofDisabled.token, tokenOfDeletedUser: ofDeleted.token },
    ...{ tokenBadChecksum: valid.token.slice(0, -1) + last, tokenId: valid.id, otherUserTokenId: other.id },
  }
}

async function addApps(manager: TestManager) {
  const make = async (owner: string, slug: string) => {
    const { call } = await manager.signIn(owner)
    const app = await call('POST /api/apps', { body: { name: slug, slug, codeSource: { type: 'upload' } } })
    return app.id
  }
  const appId = await make('alice', 'existing')
  const demoId = await make('alice', 'demo-app')
  const logId = await make('alice', 'log')
  return { appId, demoId, logId, otherAppId: await make('bob', 'bobs-app') }
}

async function cookieOf(url: string, username: string): Promise<{ cookie: string }> {
  const headers = { 'content-type': 'application/json', origin: 'http://localhost:8880' }
  const body = JSON.stringify({ username, password })
  const response = await fetch(`${url}/api/auth/login`, { method: 'POST', headers, body })
  return { cookie: response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '' }
}
