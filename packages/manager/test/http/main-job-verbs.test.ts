import type { App } from '@rserve-proxy/contract/apps.ts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { createFakeEngine } from '../../src/spawner/fake/fake-engine.ts'
import { codeFolder } from '../helpers/code-folder.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

// Verbs that meet a rollout, a drain or each other. Sessions stay for a second after a stop.

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
  manager = await startTestManager(database, { engine: createFakeEngine({ drainMs: 1_000 }) })
  api = await manager.signIn('alice')
  app = await api.call('POST /api/apps', { body: { name: 'Demo', slug: 'demo', codeSource: { type: 'upload' } } })
  await upload('first')
  await api.settle(app.id, 'deploy')
})
afterEach(() => manager[Symbol.asyncDispose]())

const params = () => ({ appId: app.id })
const verb = (name: 'deploy' | 'start' | 'stop' | 'restart') =>
  api.call(`POST /api/apps/:appId/${name}`, { params: params(), querystring: {} })
const status = async () => (await api.call('GET /api/apps/:appId', { params: params() })).status
const read = (deploymentId: string) =>
  api.call('GET /api/apps/:appId/deployments/:deploymentId', { params: { ...params(), deploymentId } })
const cancel = (deploymentId: string) =>
  api.call('POST /api/apps/:appId/deployments/:deploymentId/cancel', { params: { ...params(), deploymentId } })
const generations = () => manager.engine.containersOf(manager.instance).map(({ generation }) => generation)

async function upload(text: string) {
  await using code = await codeFolder(text)
  return await api.upload(app.id, code.folder)
}

/** A restart that starts its replica and gets no further. */
async function hangingRestart() {
  manager.engine.setFault(app.id, { kind: 'slow-start', startMs: 60_000 })
  const { id } = await verb('restart')
  await expect.poll(async () => (await read(id)).status).toBe('verifying')
  manager.engine.setFault(app.id, undefined)
  return id
}

it('stops during a rollout', async () => {
  const id = await hangingRestart()
  expect(await api.settle(app.id, 'stop')).toMatchObject({ status: 'stopped' })
  expect(await read(id)).toMatchObject({ status: 'cancelled' })
  expect(generations()).toEqual([])
  expect(await status()).toBe('stopped')
  expect(await api.settle(app.id, 'start')).toMatchObject({ status: 'live', release: 1, generation: 3 })
})

it('starts while the stop before still ends sessions', async () => {
  const stop = await verb('stop')
  await expect.poll(() => manager.engine.containersOf(manager.instance)).toMatchObject([{ isStopping: true }])
  expect(await api.settle(app.id, 'start')).toMatchObject({ status: 'live', generation: 2 })
  expect(await read(stop.id)).toMatchObject({ status: 'superseded' })
  await expect.poll(generations, { timeout: 5_000 }).toEqual([2])
  expect(await status()).toBe('running')
})

it('cancels a rollout and leaves what serves', async () => {
  const id = await hangingRestart()
  expect(await cancel(id)).toMatchObject({ status: 'cancelled' })
  await expect.poll(generations, { timeout: 5_000 }).toEqual([1])
  expect(await status()).toBe('running')
  expect(await api.settle(app.id, 'restart')).toMatchObject({ status: 'live', generation: 3 })
})

it('rolls out the newest of two that became ready during a rollout', async () => {
  await hangingRestart()
  await upload('second')
  const second = await verb('deploy')
  await expect.poll(async () => (await read(second.id)).build?.status).toBe('succeeded')
  await upload('third')
  const third = await verb('deploy')
  await expect.poll(async () => (await read(third.id)).build?.status).toBe('succeeded')
  const { items } = await api.call('GET /api/apps/:appId/deployments', { params: params(), querystring: {} })
  const rolling = items.find(({ status: one }) => one === 'verifying')
  await cancel(rolling?.id ?? '')
  await expect.poll(async () => (await read(third.id)).status, { timeout: 5_000 }).toBe('live')
  expect(await read(second.id)).toMatchObject({ status: 'superseded' })
  await expect.poll(generations, { timeout: 8_000 }).toEqual([3])
})

it('leaves no step running in a deployment that is over', async () => {
  const first = await api.settle(app.id, 'restart')
  expect(first.steps.at(-1)).toMatchObject({ name: 'drain', status: 'running' })
  const second = await api.settle(app.id, 'restart')
  expect(await read(first.id)).toMatchObject({ status: 'replaced' })
  await api.settle(app.id, 'stop')
  for (const { id } of [first, second]) {
    expect((await read(id)).steps.map((step) => step.status)).not.toContain('running')
  }
})

it('takes the next subnet where the engine has another network', async () => {
  const other = await api.call('POST /api/apps', { body: { name: 'B', slug: 'b', codeSource: { type: 'upload' } } })
  const foreign = ['10.213.128.32/27', '10.213.128.64/27']
  for (const subnet of foreign) manager.engine.addNetwork({ appId: '', instance: 'other', name: subnet, subnet })
  await using code = await codeFolder('first')
  await api.upload(other.id, code.folder)
  expect(await api.settle(other.id, 'deploy')).toMatchObject({ status: 'live' })
  const networks = manager.engine.networksOf(manager.instance).map(({ subnet }) => subnet)
  expect(networks).toEqual(['10.213.128.0/27', '10.213.128.96/27'])
})

it('answers a repeated key with the first deployment, though its client did not wait to the end', async () => {
  manager.engine.setFault(app.id, { kind: 'slow-start', startMs: 600 })
  const leaving = new AbortController()
  const restart = (query: string, signal?: AbortSignal) =>
    api.send(`/api/apps/${app.id}/restart${query}`, {
      method: 'POST',
      headers: { 'idempotency-key': 'once' },
      ...(signal && { signal }),
    })
  const first = restart('?wait=60', leaving.signal)
  const newest = async () => (await api.call('GET /api/apps/:appId', { params: params() })).deployment
  await expect.poll(async () => (await newest())?.kind).toBe('restart')
  leaving.abort()
  await expect(first).rejects.toThrow()
  await expect.poll(async () => (await newest())?.status).toBe('live')
  const again = await restart('')
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true'])
  expect((await newest())?.generation).toBe(2)
})
