import type { App } from '@rserve-proxy/contract/apps.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { codeFolder } from '../helpers/code-folder.ts'
import { followEvents, type SeenEvent } from '../helpers/read-events.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

let database: Database
let manager: TestManager
let admin: SignedIn
let alice: SignedIn
let bob: SignedIn

beforeAll(async () => {
  database = await openTestDatabase()
  manager = await startTestManager(database)
  admin = await manager.signIn('admin')
  alice = await manager.signIn('alice')
  bob = await manager.signIn('bob')
})
afterAll(async () => {
  await manager[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

let made = 0
async function create(api = alice): Promise<App> {
  made += 1
  const body = { name: `App ${made}`, slug: `app-${made}`, codeSource: { type: 'upload' as const } }
  return api.call('POST /api/apps', { body })
}

async function deploy({ id }: App) {
  await using code = await codeFolder('first')
  await alice.upload(id, code.folder)
  await alice.settle(id, 'deploy')
}

const rename = ({ id }: App, name: string) =>
  alice.call('PUT /api/apps/:appId', { params: { appId: id }, body: { name } })
const remove = ({ id }: App) => alice.call('DELETE /api/apps/:appId', { params: { appId: id } })
const says = (name: string, data: object) => (event: SeenEvent) =>
  event.name === name && Object.entries(data).every(([key, value]) => event.data[key] === value)

describe('the event stream', () => {
  it('begins with the engine and a position', async () => {
    await using stream = await followEvents(alice)
    expect(stream.contentType).toBe('text/event-stream; charset=utf-8')
    const first = await stream.find(() => true)
    expect(first).toMatchObject({ name: 'engine', data: { answers: true, unknownSince: null } })
    expect(first.id).toMatch(/^[0-9a-f]{8}-\d+$/)
  })

  it('tells the whole app at every change, through a deployment and a crash to its end', async () => {
    await using stream = await followEvents(alice)
    const app = await create()
    await stream.find(says('app', { id: app.id, status: 'draft' }))
    await deploy(app)
    await stream.find(says('app', { id: app.id, status: 'running' }))
    await stream.find(says('deployment', { appId: app.id, status: 'live' }))
    const shown = stream.seen.findLast(says('app', { id: app.id }))
    expect(shown?.data).toEqual(await alice.call('GET /api/apps/:appId', { params: { appId: app.id } }))
    manager.engine.crash(app.id, { code: 1, lines: ['gone'] })
    await stream.find(({ name, data }) => name === 'app' && data.id === app.id && Object(data.crash).exitCode === 1)
    await remove(app)
    await stream.find(says('gone', { appId: app.id }))
  })

  it('tells nobody of somebody else’s app, and an admin of all', async () => {
    await using other = await followEvents(bob)
    await using all = await followEvents(admin)
    const app = await create()
    const own = await create(bob)
    await remove(app)
    await all.find(says('gone', { appId: app.id }))
    await rename(own, 'never').catch(() => 'not hers')
    await other.find(says('app', { id: own.id }))
    expect(JSON.stringify(other.seen)).not.toContain(app.id)
  })

  it('tells when the engine stops answering, and what is unknown from then on', async () => {
    const app = await create()
    await deploy(app)
    await using stream = await followEvents(alice)
    manager.engine.setUnavailable(true)
    const lost = await stream.find(says('engine', { answers: false }))
    expect(Date.parse(String(lost.data.unknownSince))).toBeGreaterThan(0)
    await stream.find(says('app', { id: app.id, status: 'unknown' }))
    stream.seen.length = 0
    manager.engine.setUnavailable(false)
    await stream.find(says('engine', { answers: true }))
    await stream.find(says('app', { id: app.id, status: 'running' }))
  })
})

describe('a stream that resumes', () => {
  it('tells what changed meanwhile, each app once, and nothing else', async () => {
    const quiet = await create()
    const app = await create()
    const first = await followEvents(alice)
    await rename(app, 'before')
    await first.find(says('app', { name: 'before' }))
    await first[Symbol.asyncDispose]()
    await rename(app, 'one')
    await rename(app, 'two')
    await using second = await followEvents(alice, first.lastId())
    await second.find(says('app', { name: 'two' }))
    expect(second.seen.map(({ name }) => name)).toEqual(['app'])
    expect(JSON.stringify(second.seen)).not.toContain(quiet.id)
  })

  it('tells what was deleted meanwhile', async () => {
    const app = await create()
    const first = await followEvents(alice)
    await first.find(() => true)
    await first[Symbol.asyncDispose]()
    await remove(app)
    await using second = await followEvents(alice, first.lastId())
    await second.find(says('gone', { appId: app.id }))
  })

  it.each(['00000000-3', 'nonsense', '%EPOCH%-999999999'])('asks to read the lists again after %s', async (id) => {
    const first = await followEvents(alice)
    await first.find(() => true)
    await first[Symbol.asyncDispose]()
    const epoch = first.lastId()?.split('-')[0] ?? ''
    await using stream = await followEvents(alice, id.replace('%EPOCH%', epoch))
    expect(await stream.find(() => true)).toMatchObject({ name: 'resync', data: {} })
  })
})

it('is refused without a sign-in, and beyond the limit of a user', async () => {
  expect((await fetch(`${manager.url}/api/events`)).status).toBe(401)
  const carol = await manager.signIn('carol')
  const streams = await Promise.all(Array.from({ length: 20 }, () => followEvents(carol)))
  expect(streams.every(({ status }) => status === 200)).toBe(true)
  const refused = await carol.send('/api/events')
  expect(refused.status).toBe(429)
  expect(await refused.json()).toMatchObject({ code: 'too-many-requests' })
  await streams[0]?.[Symbol.asyncDispose]()
  const again = async () => {
    await using stream = await followEvents(carol)
    return stream.status
  }
  await expect.poll(again).toBe(200)
  await Promise.all(streams.slice(1).map((stream) => stream[Symbol.asyncDispose]()))
})
