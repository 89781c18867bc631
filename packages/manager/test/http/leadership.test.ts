import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '@rserve-proxy/contract/apps.ts'
import { createClient } from '@rserve-proxy/contract/client.ts'
import postgres from 'postgres'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/open.ts'
import { createFakeEngine, type FakeEngine } from '../../src/spawner/fake/fake-engine.ts'
import { codeFolder } from '../helpers/code-folder.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { emptyTables, openTestDatabase, testPostgres } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

// Two managers of one installation: one acts, the other one reads.

let database: Database
let engine: FakeEngine
let holder: string
let first: TestManager
let second: TestManager

/** The lock as both see it; the test decides who holds it. */
const seenBy = (name: string): Database => ({ ...database, lead: async () => holder === name })

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

beforeEach(async () => {
  await emptyTables(database)
  engine = createFakeEngine()
  holder = 'first'
  first = await startTestManager(seenBy('first'), { engine })
  second = await startTestManager(seenBy('second'), { engine })
})
afterEach(async () => {
  await first[Symbol.asyncDispose]()
  await second[Symbol.asyncDispose]()
})

const create = (api: SignedIn): Promise<App> =>
  api.call('POST /api/apps', { body: { name: 'Demo', slug: 'demo', codeSource: { type: 'upload' } } })

async function upload(api: SignedIn, appId: string) {
  await using code = await codeFolder('first')
  await api.upload(appId, code.folder)
}

const health = ({ url }: TestManager) => createClient({ baseUrl: url })('GET /api/health', {})
const read = (api: SignedIn, { id }: App) => api.call('GET /api/apps/:appId', { params: { appId: id } })

describe('a manager that stands by', () => {
  it('reads, and refuses to write', async () => {
    const active = await first.signIn('alice')
    const app = await create(active)
    await upload(active, app.id)
    await active.settle(app.id, 'deploy')
    const standby = await second.signIn('bob')
    await expect(create(standby)).rejects.toMatchObject({ status: 503, problem: { code: 'not-leader' } })
    const refused = await standby.send('/api/events')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    const admin = await second.signIn('admin')
    await expect.poll(async () => (await read(admin, app)).status).toBe('running')
    expect(await health(first)).toMatchObject({ active: true })
    expect(await health(second)).toMatchObject({ status: 'ok', active: false })
  })

  it('takes over a deployment where the other one left it, and the other one stops acting', async () => {
    const active = await first.signIn('alice')
    const app = await create(active)
    await upload(active, app.id)
    engine.setFault(app.id, { kind: 'slow-start', startMs: 1_500 })
    await active.call('POST /api/apps/:appId/deploy', { params: { appId: app.id }, querystring: {} })
    await expect.poll(() => engine.containersOf(first.instance).length, { timeout: 5_000 }).toBe(1)
    holder = 'second'
    await expect.poll(async () => (await health(second)).active, { timeout: 5_000 }).toBe(true)
    await expect.poll(async () => (await health(first)).active, { timeout: 5_000 }).toBe(false)
    await expect(create(active)).rejects.toMatchObject({ problem: { code: 'not-leader' } })
    await expect.poll(async () => (await read(active, app)).status, { timeout: 10_000 }).toBe('running')
    expect(engine.containersOf(first.instance)).toHaveLength(1)
  })

  it('is nobody while the lock is nobody’s, and apps stay', async () => {
    const active = await first.signIn('alice')
    const app = await create(active)
    await upload(active, app.id)
    await active.settle(app.id, 'deploy')
    holder = 'nobody'
    await expect.poll(async () => (await health(first)).active, { timeout: 5_000 }).toBe(false)
    engine.crash(app.id, { code: 1, lines: [] })
    await sleep(500)
    expect(engine.containersOf(first.instance)).toHaveLength(1)
    holder = 'first'
    await expect.poll(async () => (await health(first)).active, { timeout: 5_000 }).toBe(true)
    await expect.poll(async () => (await read(active, app)).status, { timeout: 5_000 }).toBe('running')
  })
})

// PGlite is one process by its nature.
describe.runIf(process.env.TEST_DATABASE_URL)('the lock on Postgres', () => {
  it('is held by one, taken once, and given on when its connection breaks', async () => {
    const url = await testPostgres(process.env.TEST_DATABASE_URL ?? '')
    await using one = await openDatabase({ url, dataDir: '' })
    await using other = await openDatabase({ url, dataDir: '' })
    expect([await one.lead(), await other.lead()]).toEqual([true, false])
    expect([await one.lead(), await other.lead()]).toEqual([true, false])
    const admin = postgres(url, { max: 1 })
    await admin`select pg_terminate_backend(pid) from pg_locks
      where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`
    await admin.end()
    await expect.poll(() => other.lead(), { timeout: 5_000 }).toBe(true)
    await expect.poll(() => one.lead().catch(() => 'silent'), { timeout: 5_000 }).toBe(false)
  })
})
