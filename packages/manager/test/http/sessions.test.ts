import type { App } from '@rserve-proxy/contract/apps.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { codeFolder } from '../helpers/code-folder.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

// R sessions of a live app, as its owner and others see them.

let database: Database
let manager: TestManager
let api: SignedIn
let app: App

beforeAll(async () => {
  database = await openTestDatabase()
  manager = await startTestManager(database)
  api = await manager.signIn('alice')
  app = await api.call('POST /api/apps', { body: { name: 'Demo', slug: 'demo', codeSource: { type: 'upload' } } })
  await using code = await codeFolder('first')
  await api.upload(app.id, code.folder)
  await api.settle(app.id, 'deploy')
})
afterAll(async () => {
  await manager[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const params = () => ({ appId: app.id })
const list = async (as = api) => (await as.call('GET /api/apps/:appId/sessions', { params: params() })).items
const end = (sessionId: string, as = api) =>
  as.call('DELETE /api/apps/:appId/sessions/:sessionId', { params: { ...params(), sessionId } })
const read = () => api.call('GET /api/apps/:appId', { params: params() })
const refusal = (code: string) => expect.objectContaining({ problem: expect.objectContaining({ code }) })

it('lists sessions when somebody looks, and remembers how many there were', async () => {
  manager.engine.setSessions(app.id, 1, 3)
  expect(await read()).toMatchObject({ sessions: null, sessionsAt: null })
  const found = await list()
  expect(found).toHaveLength(3)
  expect(found[0]).toMatchObject({ replica: 1, generation: 1, ageSeconds: expect.any(Number) })
  expect(await read()).toMatchObject({ sessions: 3, sessionsAt: expect.any(String) })
})

it('ends one and leaves the others', async () => {
  manager.engine.setSessions(app.id, 1, 3)
  const [, second] = await list()
  expect(await end(second?.id ?? '')).toBeNull()
  expect(await list()).toHaveLength(2)
})

it('refuses what is not there, and what is somebody else’s', async () => {
  const bob = await manager.signIn('bob')
  await expect(end('0123456789ab-1')).rejects.toEqual(refusal('session-not-found'))
  await expect(end('../etc')).rejects.toEqual(refusal('invalid-request'))
  await expect(list(bob)).rejects.toEqual(refusal('app-not-found'))
  await expect(end('0123456789ab-1', bob)).rejects.toEqual(refusal('app-not-found'))
})

it('says that the engine does not answer', async () => {
  manager.engine.setUnavailable(true)
  await expect(list()).rejects.toEqual(refusal('spawner-unavailable'))
  manager.engine.setUnavailable(false)
})

it('forgets the number when nothing runs any more', async () => {
  await list()
  await api.settle(app.id, 'stop')
  await expect.poll(async () => (await read()).sessions).toBeNull()
})
