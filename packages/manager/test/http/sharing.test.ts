import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { auditEvents } from '../../src/db/schema.ts'
import { followEvents } from '../helpers/read-events.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

let database: Database
let manager: TestManager
let alice: SignedIn
let bob: SignedIn
let eve: SignedIn

beforeAll(async () => {
  database = await openTestDatabase()
  manager = await startTestManager(database)
  alice = await manager.signIn('alice')
  bob = await manager.signIn('bob')
  eve = await manager.signIn('eve')
})
afterAll(async () => {
  await manager[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

let made = 0
async function makeApp(codeSource: object = { type: 'upload' }) {
  made += 1
  const body = { name: `App ${made}`, slug: `shared-${made}`, codeSource: { type: 'upload' as const, ...codeSource } }
  const app = await alice.call('POST /api/apps', { body })
  return { appId: app.id }
}
const share = (params: { appId: string }, username: string, role: 'viewer' | 'editor') =>
  alice.call('PUT /api/apps/:appId/collaborators', { params, body: { username, role } })
const idOf = async (api: SignedIn) => (await api.call('GET /api/auth/me', {})).user.id
const appsOf = async (api: SignedIn) => (await api.call('GET /api/apps', { querystring: {} })).items.map(({ id }) => id)

describe('sharing', () => {
  it('lets a viewer see, an editor change, and tells each his right', async () => {
    const params = await makeApp()
    expect(await appsOf(bob)).not.toContain(params.appId)
    await share(params, 'bob', 'viewer')
    expect(await appsOf(bob)).toContain(params.appId)
    expect(await bob.call('GET /api/apps/:appId', { params })).toMatchObject({
      right: 'view',
      owner: { username: 'alice' },
    })
    const rename = () => bob.call('PUT /api/apps/:appId', { params, body: { name: 'By Bob' } })
    await expect(rename()).rejects.toMatchObject({ status: 403, problem: { code: 'not-allowed' } })
    const list = await share(params, 'BOB', 'editor')
    expect(list.items).toEqual([{ user: { id: await idOf(bob), username: 'bob' }, role: 'editor' }])
    expect(await rename()).toMatchObject({ name: 'By Bob', right: 'edit' })
    await expect(eve.call('GET /api/apps/:appId', { params })).rejects.toMatchObject({ status: 404 })
  })

  it('names users that exist, and not the owner', async () => {
    const params = await makeApp()
    await expect(share(params, 'nobody', 'viewer')).rejects.toMatchObject({ problem: { code: 'user-not-found' } })
    await expect(share(params, 'alice', 'viewer')).rejects.toMatchObject({ status: 400 })
  })

  it('shows an app come and go in the other’s event stream', async () => {
    const params = await makeApp()
    await using stream = await followEvents(bob)
    await stream.find(({ name }) => name === 'engine')
    await share(params, 'bob', 'viewer')
    const shown = await stream.find(({ name, data }) => name === 'app' && data.id === params.appId)
    expect(shown.data).toMatchObject({ right: 'view' })
    await alice.call('DELETE /api/apps/:appId/collaborators', { params, querystring: { userId: await idOf(bob) } })
    await stream.find(({ name, data }) => name === 'gone' && data.appId === params.appId)
    const before = stream.seen.length
    await alice.call('PUT /api/apps/:appId', { params, body: { name: 'Secret' } })
    // Of this change: the one above is seen already.
    await stream.find((event) => event.name === 'gone' && stream.seen.indexOf(event) >= before)
    expect(JSON.stringify(stream.seen.slice(before))).not.toContain('Secret')
  })

  it('ends when a collaborator leaves; nobody else is his to remove', async () => {
    const params = await makeApp()
    await share(params, 'bob', 'editor')
    await share(params, 'eve', 'viewer')
    const leave = async (api: SignedIn, who: SignedIn) =>
      api.call('DELETE /api/apps/:appId/collaborators', { params, querystring: { userId: await idOf(who) } })
    await expect(leave(bob, eve)).rejects.toMatchObject({ status: 403 })
    await leave(bob, bob)
    await expect(bob.call('GET /api/apps/:appId', { params })).rejects.toMatchObject({ status: 404 })
    await expect(leave(alice, bob)).rejects.toMatchObject({ problem: { code: 'collaborator-not-found' } })
  })

  it('lends no credential of the owner to an editor’s repository', async () => {
    const credential = await alice.call('POST /api/credentials', {
      body: { name: 'mine', host: 'git.example', secret: 'secret-of-alice' },
    })
    const source = { type: 'git' as const, repoUrl: 'https://git.example/alice/app', credentialId: credential.id }
    const params = await makeApp(source)
    await share(params, 'bob', 'editor')
    const change = (codeSource: typeof source | Omit<typeof source, 'credentialId'>) =>
      bob.call('PUT /api/apps/:appId', { params, body: { codeSource } })
    await expect(change({ ...source, repoUrl: 'https://git.example/alice/other' })).rejects.toMatchObject({
      status: 403,
    })
    await expect(change(source)).resolves.toMatchObject({ right: 'edit' })
    await expect(change({ type: 'git', repoUrl: 'https://git.example/bob/public' })).resolves.toBeTruthy()
    await expect(change(source)).rejects.toMatchObject({ status: 403 })
  })
})

describe('a transfer', () => {
  it('makes another the owner; the one before stays as an editor', async () => {
    const params = await makeApp()
    await share(params, 'bob', 'viewer')
    const handed = await alice.call('POST /api/apps/:appId/transfer', { params, body: { username: 'bob' } })
    expect(handed).toMatchObject({ owner: { username: 'bob' }, right: 'edit' })
    const { items } = await bob.call('GET /api/apps/:appId/collaborators', { params })
    expect(items).toMatchObject([{ user: { username: 'alice' }, role: 'editor' }])
    await expect(
      alice.call('POST /api/apps/:appId/transfer', { params, body: { username: 'alice' } }),
    ).rejects.toMatchObject({ status: 403 })
    await bob.call('DELETE /api/apps/:appId', { params })
  })
})

it('is written down', async () => {
  const params = await makeApp()
  await share(params, 'bob', 'viewer')
  await alice.call('POST /api/apps/:appId/transfer', { params, body: { username: 'bob' } })
  const events = await database.db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.appId, params.appId))
    .orderBy(auditEvents.at)
  expect(events.map(({ action, detail }) => [action, detail])).toEqual([
    ['app.create', null],
    ['collaborator.put', 'bob: viewer'],
    ['app.transfer', 'to bob'],
  ])
})
