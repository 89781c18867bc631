import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { runBuild } from '../../src/loops/run-build.ts'
import { createStore, type Store } from '../../src/repositories/store.ts'
import { createBuildProgress } from '../../src/services/build-progress.ts'
import { createChangeHub } from '../../src/services/change-hub.ts'
import { createPurge } from '../../src/services/purge.ts'
import { createCodeStorage } from '../../src/sources/code-storage.ts'
import { createGitSource } from '../../src/sources/git.ts'
import { codeFolder } from '../helpers/code-folder.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'
import { silentLog } from '../helpers/test-server.ts'

let database: Database
let dataDir: string
let manager: TestManager
let api: SignedIn
let app: App
let store: Store

beforeAll(async () => {
  database = await openTestDatabase()
  store = createStore(database.db)
})
afterAll(() => database[Symbol.asyncDispose]())

beforeEach(async () => {
  await emptyTables(database)
  dataDir = await mkdtemp(join(tmpdir(), 'rsp-builds-'))
  manager = await startTestManager(database, { dataDir })
  api = await manager.signIn('alice')
  app = await api.call('POST /api/apps', { body: { name: 'Demo', slug: 'demo', codeSource: { type: 'upload' } } })
  manager.builder.setFault(app.id, { kind: 'hang' })
})
afterEach(async () => {
  await manager[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true })
})

const params = () => ({ appId: app.id })
const deploy = () => api.call('POST /api/apps/:appId/deploy', { params: params(), querystring: {} })
const read = (deploymentId: string) =>
  api.call('GET /api/apps/:appId/deployments/:deploymentId', { params: { ...params(), deploymentId } })

async function upload(text: string) {
  await using code = await codeFolder(text)
  return await api.upload(app.id, code.folder)
}

/** Deploys and waits until its build runs, which hangs. */
async function startBuild(text: string) {
  await upload(text)
  const { id } = await deploy()
  await expect.poll(() => read(id)).toMatchObject({ status: 'building', build: { status: 'running' } })
  const { build } = await read(id)
  return { id, buildId: build?.id ?? '' }
}

it('tells with the app only the end of what a failed build printed, and all of it with the deployment', async () => {
  const lastLines = Array.from({ length: 100 }, (_, at) => `line ${at} ${'x'.repeat(at === 99 ? 1_000 : 0)}`)
  manager.builder.setFault(app.id, { kind: 'fail', message: 'R stopped', lastLines, exitCode: 1 })
  await upload('first')
  const { id } = await api.settle(app.id, 'deploy')
  const { deployment } = await api.call('GET /api/apps/:appId', { params: params() })
  expect(deployment?.failure?.lastLines).toHaveLength(20)
  expect(deployment?.failure?.lastLines.at(-1)).toHaveLength(300)
  const whole = await api.call('GET /api/apps/:appId/deployments/:deploymentId', {
    params: { ...params(), deploymentId: id },
  })
  expect(whole.failure?.lastLines).toEqual(lastLines)
})

it('takes up the newest code only when it was killed with one build running and one waiting', async () => {
  const first = await startBuild('first')
  await upload('second')
  const second = await deploy()
  await manager[Symbol.asyncDispose]()
  manager = await startTestManager(database, { dataDir, engine: manager.engine })
  api = await manager.signIn('alice')
  await expect.poll(() => read(second.id), { timeout: 5_000 }).toMatchObject({ status: 'live' })
  expect(await read(first.id)).toMatchObject({ status: 'superseded', build: { status: 'superseded' } })
})

it('ends a build whose cancel came before its worker knew of it', async () => {
  const { id, buildId } = await startBuild('first')
  await store.builds.requestCancel(buildId)
  await expect.poll(() => read(id), { timeout: 8_000 }).toMatchObject({ build: { status: 'cancelled' } })
})

it('takes nothing of a deleted app away while it is still being built', async () => {
  const { buildId } = await startBuild('first')
  const aborted: string[] = []
  const purge = createPurge({
    store,
    storage: createCodeStorage(dataDir),
    builder: manager.builder,
    abortBuild: (id) => void aborted.push(id),
  })
  expect(await purge(app.id, AbortSignal.timeout(5_000))).toBe(false)
  expect(aborted).toEqual([buildId])
  expect(await store.apps.find(app.id)).toBeDefined()
  await expect.poll(async () => (await store.builds.find(buildId))?.status, { timeout: 8_000 }).toBe('cancelled')
  expect(await purge(app.id, AbortSignal.timeout(5_000))).toBe(true)
  expect(await store.apps.find(app.id)).toBeUndefined()
})

it('goes on with a build while the database takes no phase', async () => {
  const { buildId } = await startBuild('first')
  const build = await store.builds.find(buildId)
  if (!build) throw new Error('no build')
  const hub = createChangeHub()
  const progress = createBuildProgress({ store, hub, newId: () => crypto.randomUUID(), now: () => new Date() })
  const broken = { ...store, builds: { ...store.builds, renew: () => Promise.reject(new Error('connection lost')) } }
  const storage = createCodeStorage(dataDir)
  const git = createGitSource({ allowedHosts: [], caFile: undefined })
  // The manager's own build hangs there, and not before.
  await expect.poll(async () => (await store.builds.find(buildId))?.phase).toBe('resolving')
  manager.builder.setFault(app.id, undefined)
  const vault = { open: () => Promise.reject(new Error('no credentials here')) }
  const admission = { diskShortage: async () => undefined }
  const deps = {
    store: broken,
    storage,
    git,
    vault,
    admission,
    builder: manager.builder,
    progress,
    owner: 'other',
    log: silentLog,
  }
  await runBuild(deps, build, new AbortController())
  expect(await store.builds.find(buildId)).toMatchObject({ status: 'succeeded' })
})

it('tells who waits at which place', async () => {
  await startBuild('first')
  const others: Deployment[] = []
  for (const slug of ['busy', 'next', 'last']) {
    const other = await api.call('POST /api/apps', { body: { name: slug, slug, codeSource: { type: 'upload' } } })
    await using code = await codeFolder('1')
    await api.upload(other.id, code.folder)
    manager.builder.setFault(other.id, { kind: 'hang' })
    others.push(await api.call('POST /api/apps/:appId/deploy', { params: { appId: other.id }, querystring: {} }))
  }
  const positions = () =>
    Promise.all(
      others.map(async ({ appId, id }) => {
        const params = { appId, deploymentId: id }
        return (await api.call('GET /api/apps/:appId/deployments/:deploymentId', { params })).build?.queuePosition
      }),
    )
  await expect.poll(positions).toEqual([null, 1, 2])
  const [busy] = others
  if (!busy) throw new Error('no deployment')
  const params = { appId: busy.appId, deploymentId: busy.id }
  await api.call('POST /api/apps/:appId/deployments/:deploymentId/cancel', { params })
  await expect.poll(positions).toEqual([null, null, 1])
})

it('does not begin while the disk is too full, and says so', async () => {
  const { buildId, id: deploymentId } = await startBuild('first')
  await using code = await codeFolder('2')
  await api.upload(app.id, code.folder)
  const waiting = await deploy()
  manager.engine.headroom.diskBytes = 2 ** 20
  manager.builder.setFault(app.id, undefined)
  const params = { appId: app.id, deploymentId }
  await api.call('POST /api/apps/:appId/deployments/:deploymentId/cancel', { params })
  await expect.poll(async () => (await store.builds.find(buildId))?.status).toBe('cancelled')
  await expect.poll(async () => (await read(waiting.id)).status).toBe('failed')
  expect((await read(waiting.id)).failure).toMatchObject({
    code: 'disk-full',
    detail: expect.stringMatching(/^1 MiB of disk are free and 1024 MiB must stay so/),
  })
})
