import type { App } from '@rserve-proxy/contract/apps.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { createFakeEngine } from '../../src/spawner/fake/fake-engine.ts'
import { codeFolder } from '../helpers/code-folder.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

// What an app's owner learns when it dies, and what is done about it.

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
  await using code = await codeFolder('first')
  await api.upload(app.id, code.folder)
  await api.settle(app.id, 'deploy')
})
afterEach(() => manager[Symbol.asyncDispose]())

const patience = { timeout: 15_000, interval: 50 }
const read = () => api.call('GET /api/apps/:appId', { params: { appId: app.id } })
const replica = () => manager.engine.containersOf(manager.instance)[0]
const crash = (exit: { code: number; lines: string[]; outOfMemory?: boolean }) => manager.engine.crash(app.id, exit)

async function untilUp() {
  await expect.poll(async () => (await read()).status, patience).toBe('running')
}

describe('a death', () => {
  it('is told with its exit code and last lines, and the engine starts the app again', async () => {
    crash({ code: 3, lines: ['Error in predict(model): no such model', 'Execution halted'] })
    await expect
      .poll(async () => (await read()).crash, patience)
      .toMatchObject({
        kind: 'exit',
        exitCode: 3,
        outOfMemory: false,
        deaths: 1,
        loopSince: null,
        lastLines: expect.arrayContaining(['Error in predict(model): no such model', 'Execution halted']),
      })
    await untilUp()
  })

  it('for memory is told as that', async () => {
    manager.engine.killSession(app.id)
    crash({ code: 137, lines: [], outOfMemory: true })
    await expect.poll(async () => (await read()).crash, patience).toMatchObject({ kind: 'exit', outOfMemory: true })
  })

  it('of one session for memory leaves the app running, and is told', async () => {
    manager.engine.killSession(app.id)
    await expect.poll(async () => (await read()).crash, patience).toMatchObject({ kind: 'session', outOfMemory: true })
    expect(await read()).toMatchObject({ status: 'running' })
    expect(replica()).toMatchObject({ restarts: 0 })
  })

  it('that we asked for is none', async () => {
    await api.settle(app.id, 'restart')
    await api.settle(app.id, 'stop')
    await api.settle(app.id, 'start')
    expect((await read()).crash).toBeNull()
  })
})

describe('a crash loop', () => {
  async function loop() {
    manager.engine.setFault(app.id, { kind: 'exit-at-start', code: 1, lines: ['Error: the database is gone'] })
    crash({ code: 1, lines: ['Error: the database is gone'] })
    // Six deaths, each perhaps seen only by the reconciler's own look every ten seconds.
    await expect.poll(async () => (await read()).status, { timeout: 70_000, interval: 50 }).toBe('crash-loop')
  }

  const title = 'begins after the sixth death, is not restarted by the engine, and is forgotten with a new deployment'
  it(title, { timeout: 100_000 }, async () => {
    await loop()
    const looping = await read()
    expect(looping.crash).toMatchObject({ deaths: 6, loopSince: expect.any(String), exitCode: 1 })
    await vi.waitFor(() => expect(replica()).toMatchObject({ state: 'exited', isPromoted: false }), patience)
    const { restarts } = replica() ?? {}
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(replica()).toMatchObject({ state: 'exited', restarts })
    manager.engine.setFault(app.id, undefined)
    expect(await api.settle(app.id, 'restart')).toMatchObject({ status: 'live' })
    expect(await read()).toMatchObject({ status: 'running', crash: null })
  })
})
