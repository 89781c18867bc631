import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { createFakeEngine } from '../../src/spawner/fake/fake-engine.ts'
import { codeFolder } from '../helpers/code-folder.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

let database: Database
let manager: TestManager
let admin: SignedIn
let user: SignedIn
let appId: string

beforeAll(async () => {
  database = await openTestDatabase()
  manager = await startTestManager(database, { engine: createFakeEngine() })
  admin = await manager.signIn('admin')
  user = await manager.signIn('alice')
  const app = await user.call('POST /api/apps', {
    body: { name: 'Demo', slug: 'demo', codeSource: { type: 'upload' } },
  })
  appId = app.id
  await using code = await codeFolder('first')
  await user.upload(appId, code.folder)
  await user.settle(appId, 'deploy')
})
afterAll(async () => {
  await manager[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const system = (who = admin) => who.call('GET /api/system', {})

it('is for admins', async () => {
  await expect(system(user)).rejects.toMatchObject({ status: 403, problem: { code: 'not-allowed' } })
})

it('has no drift when everything is as it was asked for', async () => {
  expect(await system()).toMatchObject({
    engine: { answers: true, unknownSince: null, version: 'fake' },
    machine: { memoryFreeBytes: 2 ** 40 },
    queue: { waiting: 0, building: 0, rollingOut: 0 },
    drift: [],
  })
})

it('names what the database does not know', async () => {
  manager.engine.addNetwork({ appId: 'stranger', instance: manager.instance, name: 'n', subnet: '10.0.0.0/27' })
  expect((await system()).drift).toMatchObject([{ code: 'no-row', appId: 'stranger' }])
  for (const network of manager.engine.networksOf(manager.instance).filter((one) => one.appId === 'stranger'))
    manager.engine.removeNetwork(network)
})

it('does not guess while the engine is out of reach', async () => {
  manager.engine.setUnavailable(true)
  await expect
    .poll(async () => (await system()).engine, { timeout: 15_000 })
    .toMatchObject({
      answers: false,
      unknownSince: expect.any(String),
    })
  expect((await system()).drift).toBeNull()
  manager.engine.setUnavailable(false)
})
