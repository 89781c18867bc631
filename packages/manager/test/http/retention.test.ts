import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { App } from '@rserve-proxy/contract/apps.ts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { builds } from '../../src/db/schema.ts'
import { createStore } from '../../src/repositories/store.ts'
import { createAppTurns } from '../../src/services/app-turns.ts'
import { createObservation } from '../../src/services/observation.ts'
import { createRetention } from '../../src/services/retention.ts'
import { createCodeStorage } from '../../src/sources/code-storage.ts'
import { createFakeEngine } from '../../src/spawner/fake/fake-engine.ts'
import { codeFolder } from '../helpers/code-folder.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'
import { silentLog } from '../helpers/test-server.ts'

let database: Database
let manager: TestManager
let api: SignedIn
let app: App
let dataDir: string

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

beforeEach(async () => {
  await emptyTables(database)
  dataDir = await mkdtemp(join(tmpdir(), 'rsp-retention-'))
  manager = await startTestManager(database, { engine: createFakeEngine(), dataDir })
  api = await manager.signIn('alice')
  app = await api.call('POST /api/apps', { body: { name: 'Demo', slug: 'demo', codeSource: { type: 'upload' } } })
  await api.call('PUT /api/apps/:appId', { params: { appId: app.id }, body: { keepReleases: 2 } })
})
afterEach(async () => {
  await manager[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true })
})

const params = () => ({ appId: app.id })
const rollback = (release: number) =>
  api.call('POST /api/apps/:appId/rollback', { params: params(), body: { release }, querystring: { wait: 60 } })
const uploads = () => readdir(join(dataDir, 'uploads', app.id))

async function deploy(text: string) {
  await using code = await codeFolder(text)
  await api.upload(app.id, code.folder)
  await api.settle(app.id, 'deploy')
}

async function retain(turns = createAppTurns()) {
  const observation = createObservation(new Date())
  observation.seen([])
  const storage = createCodeStorage(dataDir)
  const deps = { store: createStore(database.db), storage, builder: manager.builder, now: () => new Date() }
  await createRetention({ ...deps, observation, turns, log: silentLog }).run(AbortSignal.timeout(10_000))
}

async function available() {
  const { items } = await api.call('GET /api/apps/:appId/releases', { params: params(), querystring: {} })
  return items.filter(({ isAvailable }) => isAvailable).map(({ number }) => number)
}

it('keeps the last releases with image and upload, and tells that an older one is gone', async () => {
  for (const text of ['one', 'two', 'three', 'four']) await deploy(text)
  await retain()
  expect(await available()).toEqual([4, 3])
  expect(await uploads()).toHaveLength(2)
  await expect(rollback(1)).rejects.toMatchObject({ problem: { code: 'release-expired' } })
  expect(await rollback(3)).toMatchObject({ status: 'live', release: 3 })
})

it('keeps what runs, however old', async () => {
  for (const text of ['one', 'two', 'three']) await deploy(text)
  await rollback(1)
  await deploy("stop('four')")
  await retain()
  expect(await available()).toEqual([4, 3, 1])
  expect(await api.settle(app.id, 'restart')).toMatchObject({ status: 'live', release: 1 })
})

it('keeps what a stopped app would start', async () => {
  for (const text of ['one', "stop('two')", "stop('three')"]) await deploy(text)
  await api.settle(app.id, 'stop')
  await retain()
  expect(await api.settle(app.id, 'start')).toMatchObject({ status: 'live', release: 1 })
})

it('leaves an app alone that is being built', async () => {
  for (const text of ['one', 'two', 'three']) await deploy(text)
  const turns = createAppTurns()
  const building = Promise.withResolvers<void>()
  const built = turns.run(app.id, () => building.promise)
  await retain(turns)
  expect(await available()).toEqual([3, 2, 1])
  building.resolve()
  await built
  await retain(turns)
  expect(await available()).toEqual([3, 2])
})

const cleanUp = async (dryRun: boolean) =>
  (await manager.signIn('admin')).call('POST /api/system/cleanup', { querystring: { dryRun } })

it('is asked for by an admin: first told, then done, with the bytes that it frees', async () => {
  for (const text of ['one', 'two', 'three']) await deploy(text)
  await expect(api.call('POST /api/system/cleanup', { querystring: {} })).rejects.toMatchObject({ status: 403 })
  const told = await cleanUp(true)
  expect(told.items.map(({ kind }) => kind)).toEqual(['image', 'upload'])
  expect(told.freedBytes).toBe(told.items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0))
  expect(told.freedBytes).toBeGreaterThan(2 ** 20)
  expect([await available(), (await uploads()).length]).toEqual([[3, 2, 1], 3])
  expect(await cleanUp(false)).toEqual({ ...told, dryRun: false })
  expect([await available(), (await uploads()).length]).toEqual([[3, 2], 2])
  expect(await cleanUp(true)).toMatchObject({ items: [], freedBytes: 0 })
})

it('clears the images of apps that the database does not know', async () => {
  await deploy('one')
  const built = {
    imageId: 'sha256:fa4eeeee01',
    tag: 't',
    depsKey: undefined,
    packages: [],
    lock: undefined,
    functions: undefined,
    reused: false,
  }
  manager.engine.images.add({ appId: 'nobody', entryText: '', built })
  expect((await cleanUp(false)).items).toMatchObject([{ kind: 'image', id: built.imageId }])
  expect(await available()).toEqual([1])
})

it('keeps the logs of the last builds', async () => {
  await deploy('one')
  const store = createStore(database.db)
  const { deployment } = (await store.deployments.newestOf([app.id]))[0] ?? {}
  const [built] = await store.builds.withLogBeyond(app.id, 0)
  if (!deployment || !built) throw new Error('nothing was built')
  const logs = () => readdir(join(dataDir, 'logs'))
  expect(await store.builds.withLogBeyond(app.id, 1)).toEqual([])
  for (let count = 0; count < 50; count += 1)
    await database.db.insert(builds).values({ ...built, id: randomUUID(), createdAt: new Date(), logBytes: 1 })
  expect(await logs()).toEqual([`${built.id}.log`])
  await retain()
  expect(await logs()).toEqual([])
  expect((await store.builds.find(built.id))?.logBytes).toBe(0)
})
