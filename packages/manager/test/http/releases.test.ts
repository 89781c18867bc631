import type { App } from '@rserve-proxy/contract/apps.ts'
import { isPending } from '@rserve-proxy/contract/deployments.ts'
import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { releases } from '../../src/db/schema.ts'
import { createFakeEngine } from '../../src/spawner/fake/fake-engine.ts'
import { codeFolder } from '../helpers/code-folder.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

// Releases after the first: what is in them, back to an older one, and settings without a build.

let database: Database
let manager: TestManager
let api: SignedIn
let app: App

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

beforeEach(async () => {
  await emptyTables(database)
  manager = await startTestManager(database, { engine: createFakeEngine() })
  api = await manager.signIn('alice')
  app = await api.call('POST /api/apps', { body: { name: 'Demo', slug: 'demo', codeSource: { type: 'upload' } } })
  await upload('first')
  await api.settle(app.id, 'deploy')
})
afterEach(() => manager[Symbol.asyncDispose]())

const params = () => ({ appId: app.id })
const read = () => api.call('GET /api/apps/:appId', { params: params() })
const change = (body: object) => api.call('PUT /api/apps/:appId', { params: params(), body })
const rollback = (release: number, wait = 60) =>
  api.call('POST /api/apps/:appId/rollback', { params: params(), body: { release }, querystring: { wait } })
const restart = () => api.call('POST /api/apps/:appId/restart', { params: params(), querystring: {} })
const deployment = (deploymentId: string) =>
  api.call('GET /api/apps/:appId/deployments/:deploymentId', { params: { ...params(), deploymentId } })
const listed = async () =>
  (await api.call('GET /api/apps/:appId/releases', { params: params(), querystring: {} })).items
const diff = (number: number, other: number) =>
  api.call('GET /api/apps/:appId/releases/:number/diff/:other', { params: { ...params(), number, other } })
const replicas = () => manager.engine.containersOf(manager.instance)
const generations = () => replicas().map(({ generation }) => generation)

async function upload(text: string) {
  await using code = await codeFolder(text)
  return await api.upload(app.id, code.folder)
}

async function deploySecond() {
  await upload('second')
  await api.settle(app.id, 'deploy')
}

describe('a rollback', () => {
  it('runs an older release as a new generation, and builds nothing', async () => {
    await deploySecond()
    const back = await rollback(1)
    expect(back).toMatchObject({ kind: 'rollback', status: 'live', release: 1, generation: 3, build: null })
    expect(await read()).toMatchObject({ status: 'running', release: { number: 1 } })
    expect((await listed()).map(({ number, isLive, isAvailable }) => ({ number, isLive, isAvailable }))).toEqual([
      { number: 2, isLive: false, isAvailable: true },
      { number: 1, isLive: true, isAvailable: true },
    ])
    await expect.poll(generations).toEqual([3])
  })

  it('is what restart and start run afterwards', async () => {
    await deploySecond()
    await rollback(1)
    expect(await api.settle(app.id, 'restart')).toMatchObject({ release: 1 })
    await api.settle(app.id, 'stop')
    expect(await api.settle(app.id, 'start')).toMatchObject({ release: 1, status: 'live' })
  })

  it('overtakes a deployment that has not switched', async () => {
    await deploySecond()
    manager.engine.setFault(app.id, { kind: 'never-healthy' })
    const stuck = await restart()
    await expect.poll(async () => (await deployment(stuck.id)).status).toBe('verifying')
    manager.engine.setFault(app.id, undefined)
    expect(await rollback(1)).toMatchObject({ status: 'live', release: 1 })
    expect(await deployment(stuck.id)).toMatchObject({ status: 'superseded' })
    await expect.poll(generations).toEqual([4])
  })

  it('asked twice is one, asked for another is the other', async () => {
    await deploySecond()
    await upload('third')
    await api.settle(app.id, 'deploy')
    manager.engine.setFault(app.id, { kind: 'slow-start', startMs: 500 })
    const [first, again] = await Promise.all([rollback(1, 0), rollback(1, 0)])
    expect(again.id).toBe(first.id)
    const other = await rollback(2)
    expect(other).toMatchObject({ status: 'live', release: 2 })
    expect(isPending((await deployment(first.id)).status)).toBe(false)
  })

  it('refuses what cannot be run', async () => {
    await deploySecond()
    await expect(rollback(9)).rejects.toMatchObject({ problem: { code: 'release-not-found' } })
    await expect(rollback(2)).rejects.toMatchObject({ problem: { code: 'nothing-to-deploy' } })
    await database.db.update(releases).set({ imageRemovedAt: new Date() }).where(eq(releases.number, 1))
    await expect(rollback(1)).rejects.toMatchObject({ problem: { code: 'release-expired' } })
    expect(await read()).toMatchObject({ status: 'running', release: { number: 2 } })
  })
})

describe('a diff', () => {
  it('tells what changed', async () => {
    await change({ packages: ['digest'], drainSeconds: 60 })
    await deploySecond()
    expect(await diff(1, 2)).toMatchObject({
      from: 1,
      to: 2,
      settings: [
        { name: 'drainSeconds', from: 600, to: 60 },
        { name: 'packages', from: [], to: ['digest'] },
      ],
    })
    expect((await diff(1, 2)).revision).not.toBeNull()
    expect(await diff(2, 2)).toEqual({ from: 2, to: 2, revision: null, packages: [], image: null, settings: [] })
    await expect(diff(1, 3)).rejects.toMatchObject({ problem: { code: 'release-not-found' } })
  })
})

describe('saved settings', () => {
  it('wait for apply, which builds nothing', async () => {
    const saved = await change({ drainSeconds: 5, resources: { cpus: 2 }, packages: ['digest'] })
    expect(saved.pendingSettings).toEqual(['resources', 'drainSeconds', 'packages'])
    const applied = await api.settle(app.id, 'apply')
    expect(applied).toMatchObject({ kind: 'settings', status: 'live', build: null, release: 2 })
    expect((await read()).pendingSettings).toEqual(['packages'])
    expect((await diff(1, 2)).settings.map(({ name }) => name)).toEqual(['drainSeconds', 'resources'])
    expect((await diff(1, 2)).image).toBeNull()
  })

  it('close and open the way out, each in a network of its own', async () => {
    const networks = () => manager.engine.networksOf(manager.instance).map(({ name, subnet }) => ({ name, subnet }))
    await change({ egress: 'none' })
    await api.settle(app.id, 'apply')
    await expect.poll(networks).toEqual([{ name: `rsp-net-${app.id}-none`, subnet: '10.213.192.0/27' }])
    await change({ egress: 'internet' })
    await api.settle(app.id, 'apply')
    await expect.poll(networks).toEqual([{ name: `rsp-net-${app.id}`, subnet: '10.213.128.0/27' }])
  })

  it('have nothing to apply when they are live, or need a build', async () => {
    const apply = () => api.call('POST /api/apps/:appId/apply', { params: params(), querystring: {} })
    await expect(apply()).rejects.toMatchObject({ problem: { code: 'nothing-to-deploy' } })
    await change({ packages: ['digest'] })
    await expect(apply()).rejects.toMatchObject({ problem: { code: 'nothing-to-deploy' } })
  })

  it('are live after the next start', async () => {
    await api.settle(app.id, 'stop')
    await change({ drainSeconds: 7 })
    expect(await api.settle(app.id, 'start')).toMatchObject({ status: 'live', release: 2, build: null })
    expect((await read()).pendingSettings).toEqual([])
  })
})

describe('replicas', () => {
  const healthy = () => replicas().filter(({ health }) => health === 'healthy').length

  it('come and go within the generation', async () => {
    expect(await change({ replicas: 3 })).toMatchObject({ replicas: 3, pendingSettings: [] })
    await expect.poll(healthy).toBe(3)
    expect(generations()).toEqual([1, 1, 1])
    manager.engine.setSessions(app.id, 1, 1)
    await change({ replicas: 1 })
    await expect.poll(() => replicas().filter(({ isDraining }) => isDraining).length).toBe(2)
    await expect.poll(async () => (await read()).deployment?.draining).toMatchObject({ sessions: 2 })
    manager.engine.setSessions(app.id, 1, 0)
    await expect.poll(generations, { timeout: 10_000 }).toEqual([1])
    expect(await read()).toMatchObject({ status: 'running', deployment: { draining: null } })
  })

  it('change during a rollout', async () => {
    manager.engine.setFault(app.id, { kind: 'slow-start', startMs: 500 })
    const { id } = await restart()
    await change({ replicas: 2 })
    await expect.poll(async () => (await deployment(id)).status, { timeout: 10_000 }).toBe('live')
    await expect.poll(generations, { timeout: 10_000 }).toEqual([2, 2])
  })

  it.each([0, 11, 1.5])('are not %d', async (count) => {
    await expect(change({ replicas: count })).rejects.toMatchObject({ problem: { code: 'invalid-request' } })
  })
})

describe('a drain', () => {
  it('lasts while sessions do, is told, and ends when it is asked to', async () => {
    manager.engine.setSessions(app.id, 1, 2)
    const live = await api.settle(app.id, 'restart')
    await expect.poll(async () => (await deployment(live.id)).draining).toMatchObject({ sessions: 2 })
    const { draining, steps } = await deployment(live.id)
    expect(Date.parse(draining?.until ?? '') - Date.now()).toBeGreaterThan(590_000)
    expect(steps.at(-1)).toMatchObject({ name: 'drain', status: 'running' })
    expect(generations()).toEqual([1, 2])
    const end = () =>
      api.call('POST /api/apps/:appId/deployments/:deploymentId/end-drain', {
        params: { ...params(), deploymentId: live.id },
      })
    await end()
    await expect.poll(generations, { timeout: 10_000 }).toEqual([2])
    await expect.poll(async () => (await deployment(live.id)).steps.at(-1)?.status, { timeout: 10_000 }).toBe('done')
    await expect(end()).rejects.toMatchObject({ problem: { code: 'not-draining' } })
  })
})
