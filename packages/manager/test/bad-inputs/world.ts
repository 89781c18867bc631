import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import type { Database } from '../../src/db/database.ts'
import { apps, users } from '../../src/db/schema.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'
import { addUser, password } from '../helpers/test-server.ts'
import type { Placeholders } from './case-file.ts'
import { type GitHosts, startGitHosts } from './git-hosts.ts'

export interface World extends AsyncDisposable {
  manager: TestManager
  port: number
  names: Placeholders
  /** By the `auth` of a case; undefined = nobody. */
  cookies: Record<string, string | undefined>
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
  const cookies: World['cookies'] = { none: undefined }
  for (const [auth, name] of Object.entries(signedIn)) cookies[auth] = await cookieOf(manager.url, name)
  return {
    ...{ manager, port, cookies, gitHosts },
    names: {
      ...people,
      ...made,
      appIdUpper: made.appId.toUpperCase(),
      currentPassword: password,
      sessionCookie: cookies.owner ?? '',
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

async function addPeople(database: Database, manager: TestManager) {
  await manager.signIn('admin')
  const ownerId = await addUser(database, 'alice')
  const otherUserId = await addUser(database, 'bob')
  const disabledId = await addUser(database, 'disabled')
  await database.db.update(users).set({ disabledAt: new Date() }).where(eq(users.id, disabledId))
  return { ownerId, userId: ownerId, otherUserId }
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

async function cookieOf(url: string, username: string): Promise<string> {
  const headers = { 'content-type': 'application/json', origin: 'http://localhost:8880' }
  const body = JSON.stringify({ username, password })
  const response = await fetch(`${url}/api/auth/login`, { method: 'POST', headers, body })
  return response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
}
