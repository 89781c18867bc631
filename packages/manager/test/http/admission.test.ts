import type { App } from '@rserve-proxy/contract/apps.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { createFakeEngine } from '../../src/spawner/fake/fake-engine.ts'
import { codeFolder } from '../helpers/code-folder.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

// What the machine cannot hold is refused with figures, and what runs goes on.

const MiB = 2 ** 20
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
  app = await appWithCode('demo')
  await api.settle(app.id, 'deploy')
})
afterEach(() => manager[Symbol.asyncDispose]())

const params = () => ({ appId: app.id })
const leave = (memoryMiB: number, diskMiB = 100_000) =>
  Object.assign(manager.engine.headroom, { memoryBytes: memoryMiB * MiB, diskBytes: diskMiB * MiB })
const restart = (wait: number) => api.call('POST /api/apps/:appId/restart', { params: params(), querystring: { wait } })
const scale = (replicas: number) => api.call('PUT /api/apps/:appId', { params: params(), body: { replicas } })
const refusal = (detail: string) => ({
  problem: { code: 'out-of-resources', status: 409, detail: expect.stringContaining(detail) },
})
const generations = () => manager.engine.containersOf(manager.instance).map(({ generation }) => generation)

async function appWithCode(slug: string): Promise<App> {
  const made = await api.call('POST /api/apps', { body: { name: slug, slug, codeSource: { type: 'upload' } } })
  await using code = await codeFolder(slug)
  await api.upload(made.id, code.folder)
  return made
}

describe('a request', () => {
  it('is refused at once when nothing new fits', async () => {
    leave(300)
    await expect(restart(0)).rejects.toMatchObject(
      refusal('about 128 MiB of memory beside what runs; 300 MiB are free and 256 MiB must stay'),
    )
    leave(10_000, 500)
    await expect(api.settle(app.id, 'deploy')).rejects.toMatchObject(refusal('500 MiB of disk are free'))
    expect(generations()).toEqual([1])
  })

  it('may still take away what is too much, and ask for what is there', async () => {
    leave(10)
    await expect(scale(2)).rejects.toMatchObject(refusal('MiB'))
    expect(await scale(1)).toMatchObject({ replicas: 1 })
    expect(await api.settle(app.id, 'start')).toMatchObject({ status: 'live', generation: 1 })
    expect(await api.settle(app.id, 'stop')).toMatchObject({ status: 'stopped' })
  })
})

describe('a rollout', () => {
  it('fails before it makes anything, when the old replicas use more than was expected', async () => {
    manager.engine.setMemoryUse(app.id, 700 * MiB)
    leave(900)
    expect(await restart(30)).toMatchObject({
      status: 'failed',
      failure: { code: 'out-of-resources', detail: expect.stringContaining('about 700 MiB') },
      steps: [{ name: 'start', status: 'failed' }, {}, {}, {}],
    })
    expect(generations()).toEqual([1])
    leave(1_000)
    expect(await restart(30)).toMatchObject({ status: 'live', generation: 2 })
  })

  it('waits for its turn when many begin at once, and all come up', async () => {
    const others = await Promise.all(Array.from({ length: 12 }, (_, index) => appWithCode(`other-${index}`)))
    const ended = await Promise.all(others.map(({ id }) => api.settle(id, 'deploy')))
    expect(ended.map(({ status }) => status)).toEqual(others.map(() => 'live'))
  })
})
