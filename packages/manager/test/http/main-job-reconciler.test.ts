import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { createReconciler, type ReconcilerDeps } from '../../src/loops/reconciler.ts'
import { createStore, type Store } from '../../src/repositories/store.ts'
import { createAdmission } from '../../src/services/admission.ts'
import { createChangeHub } from '../../src/services/change-hub.ts'
import { createCrashRecorder } from '../../src/services/crash-recorder.ts'
import { createFailureReporter } from '../../src/services/failure-report.ts'
import { createObservation } from '../../src/services/observation.ts'
import { createRollouts } from '../../src/services/rollouts.ts'
import { createFakeEngine } from '../../src/spawner/fake/fake-engine.ts'
import { createFakeSpawner } from '../../src/spawner/fake/fake-spawner.ts'
import { type Spawner, SpawnerError, type WorkloadSpec } from '../../src/spawner/spawner.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { addUser, silentLog } from '../helpers/test-server.ts'

const platform = {
  appsUrl: 'http://localhost:8880',
  appHosts: ['localhost'],
  entryPoint: 'web',
  isSingleOrigin: true,
  networkBase: '10.213.0.0/16',
  bakeMs: 0,
  standIn: undefined,
}
const now = () => new Date()

let database: Database
let store: Store

beforeAll(async () => {
  database = await openTestDatabase()
  store = createStore(database.db)
  const ownerId = await addUser(database, 'alice')
  for (const slug of ['refused', 'slow']) await insertReady(slug, ownerId)
})
afterAll(() => database[Symbol.asyncDispose]())

async function insertReady(slug: string, ownerId: string) {
  const appId = randomUUID()
  await store.apps.insert({
    ...{ id: appId, ownerId, slug, name: slug, codeSource: { type: 'upload' }, rVersion: '4.5.0', packages: [] },
    ...{ systemPackages: [], entryScript: 'app.R', mode: 'ocap', replicas: 1, resources: {}, desiredState: 'running' },
  })
  const revision = { hash: 'h', label: 'code', commit: null, files: 1 }
  const settings = {
    ...{ rVersion: '4.5.0', entryScript: 'app.R', mode: 'ocap' as const, resources: {}, drainSeconds: 1 },
    ...{ startTimeoutSeconds: 60, egress: 'none' as const, reuseConnections: false, packages: [], systemPackages: [] },
  }
  const releaseId = randomUUID()
  const imageId = `sha256:${'0'.repeat(64)}`
  await store.releases.insert({ id: releaseId, appId, number: 1, imageId, revision, packages: [], settings })
  await store.deployments.insert({ id: randomUUID(), appId, kind: 'start', status: 'queued', releaseId, steps: [] })
}

function reconcilerOf(spawner: Spawner, change: Partial<ReconcilerDeps> = {}) {
  return createReconciler({
    spawner,
    store,
    rollouts: createRollouts({ store, platform, now }),
    observation: createObservation(now()),
    hub: createChangeHub(),
    report: createFailureReporter(spawner),
    purge: async () => true,
    admission: createAdmission({ store, spawner, reserve: { memoryBytes: 0, diskBytes: 0 }, now }),
    crashes: createCrashRecorder({ store, spawner, hub: createChangeHub(), now }),
    at: async () => undefined,
    log: silentLog,
    now,
    elapsedMs: () => 0,
    onCutOff: () => undefined,
    ...change,
  })
}

it('waits for every app of a pass, whatever becomes of one of them', async () => {
  const fake = createFakeSpawner({ engine: createFakeEngine(), instance: 'i' })
  const ended: string[] = []
  const spawner = {
    ...fake,
    async applyWorkload({ slug }: WorkloadSpec) {
      if (slug === 'refused') throw new SpawnerError('invalid-spec', 'never')
      await sleep(100)
      ended.push(slug)
      return { changed: true, settled: false, draining: [], restarted: [] }
    },
  }
  const rollouts = createRollouts({ store, platform, now })
  const fail = () => Promise.reject(new Error('connection lost'))
  const reconciler = reconcilerOf(spawner, { rollouts: { ...rollouts, fail } })
  await reconciler.run(AbortSignal.timeout(5_000)) // begins both
  await reconciler.run(AbortSignal.timeout(5_000))
  expect(ended).toEqual(['slow'])
})

it('removes what the database does not know after ten minutes, but never by an empty database', async () => {
  const engine = createFakeEngine()
  engine.addNetwork({ appId: 'lost', instance: 'i', name: 'n', subnet: '10.0.0.0/27' })
  engine.addNetwork({ appId: 'lost', instance: 'neighbour', name: 'm', subnet: '10.0.0.32/27' })
  const networks = () =>
    ['i', 'neighbour'].map((name) => engine.networksOf(name).filter(({ appId }) => appId === 'lost').length)
  let minutes = 0
  const elapsedMs = () => minutes * 60_000
  const empty = { ...store, apps: { ...store.apps, listAll: async () => [] } }
  const spawner = createFakeSpawner({ engine, instance: 'i' })
  const blind = reconcilerOf(spawner, { store: empty, elapsedMs })
  const seeing = reconcilerOf(spawner, { elapsedMs })
  for (const at of [0, 60]) {
    minutes = at
    await blind.run(AbortSignal.timeout(5_000))
  }
  await seeing.run(AbortSignal.timeout(5_000))
  minutes += 9
  await seeing.run(AbortSignal.timeout(5_000))
  expect(networks()).toEqual([1, 1])
  minutes += 1
  await seeing.run(AbortSignal.timeout(5_000))
  expect(networks()).toEqual([0, 1])
})
