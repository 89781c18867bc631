import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { createStore, type Store } from '../../src/repositories/store.ts'
import { createBuildProgress } from '../../src/services/build-progress.ts'
import { createChangeHub } from '../../src/services/change-hub.ts'
import { cancelDeployment } from '../../src/services/end-deployments.ts'
import { requestDeployment } from '../../src/services/request-deployment.ts'
import { createUploadService } from '../../src/services/uploads.ts'
import { createCodeStorage } from '../../src/sources/code-storage.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { addUser, principalOf } from '../helpers/test-server.ts'
import { zipOf } from '../helpers/zip.ts'

// Verbs against loops on the rows alone. With TEST_DATABASE_URL they meet in Postgres; PGlite takes one at a time.

const appId = randomUUID()
const revision = { hash: 'h', label: 'code', commit: null, files: 1 }
const image = {
  imageId: `sha256:${'0'.repeat(64)}`,
  tag: 't',
  depsKey: undefined,
  packages: [],
  lock: undefined,
  functions: undefined,
  reused: false,
}
const built = { revision, image, packagesFrom: null, rVersion: '4.5.0' }

let database: Database
let store: Store
let userId: string

beforeAll(async () => {
  database = await openTestDatabase()
  store = createStore(database.db)
})
afterAll(() => database[Symbol.asyncDispose]())

beforeEach(async () => {
  await emptyTables(database)
  userId = await addUser(database, 'alice')
  await store.apps.insert({
    ...{ id: appId, ownerId: userId, slug: 'demo', name: 'Demo', codeSource: { type: 'upload' }, rVersion: 'latest' },
    ...{ packages: [], systemPackages: [], entryScript: 'app.R', mode: 'ocap', replicas: 1, resources: {} },
  })
  await store.uploads.insert({ id: randomUUID(), appId, revision, sizeBytes: 1 })
})

const principal = () => principalOf(userId, 'alice')
const deps = () => ({
  store,
  admission: { room: async () => () => undefined },
  runtimes: async () => ['4.5.0'],
  newId: () => randomUUID(),
  now: () => new Date(),
})
const deploy = () => requestDeployment(deps(), principal(), appId, 'deploy')

it('a build ends and is cancelled at the same time: one of them is later, neither fails', async () => {
  const progress = createBuildProgress({ ...deps(), hub: createChangeHub() })
  for (let round = 0; round < 30; round++) {
    const { deploymentId } = await deploy()
    const build = await store.builds.claimNext('worker')
    if (!build) throw new Error('no build was queued')
    const end = round % 2 ? progress.succeed(build, built, 0) : progress.fail(build, failure, 0)
    const cancelled = cancelDeployment(deps(), principal(), appId, deploymentId).catch(unlessTooLate)
    await Promise.all([end, cancelled])
    const status = (await store.deployments.find(deploymentId))?.status
    expect(['cancelled', 'failed']).toContain(status)
  }
})

const failure = { code: 'engine-failed' as const, detail: 'no', lastLines: [] }
function unlessTooLate(error: unknown) {
  if (!(error instanceof Problem && error.code === 'already-switched')) throw error
}

it('a deploy after changed settings is no repeat', async () => {
  const first = await deploy()
  expect((await deploy()).deploymentId).toBe(first.deploymentId)
  await store.apps.update(appId, { packages: ['jsonlite'] })
  const second = await deploy()
  expect(second.deploymentId).not.toBe(first.deploymentId)
  const build = await store.builds.findByDeployment(second.deploymentId)
  expect(build?.facts.settings.packages).toEqual(['jsonlite'])
})

it('keeps no file of an upload that could not be recorded', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'rsp-races-'))
  const storage = createCodeStorage(dataDir)
  await storage.prepare()
  const insert = () => Promise.reject(new Error('the app was deleted meanwhile'))
  const uploads = createUploadService({
    store: {
      ...store,
      transaction: (work) => store.transaction((tx) => work({ ...tx, uploads: { ...tx.uploads, insert } })),
    },
    storage,
    changed: () => undefined,
    newId: () => 'the-upload',
  })
  const file = { stream: Readable.from([zipOf({ name: 'app.R', content: 'x' })]), name: 'code.zip' }
  await expect(uploads.receive(principal(), appId, file, AbortSignal.timeout(5_000))).rejects.toThrow(
    'deleted meanwhile',
  )
  await expect(readdir(storage.uploadDir(appId, 'the-upload'))).rejects.toThrow('ENOENT')
  await rm(dataDir, { recursive: true })
})
