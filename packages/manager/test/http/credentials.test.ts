import { eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { credentials, installation } from '../../src/db/schema.ts'
import { createInstallationRepository } from '../../src/repositories/installation.ts'
import { createStore } from '../../src/repositories/store.ts'
import { createCredentialVault } from '../../src/services/credentials.ts'
import { createKeyRing } from '../../src/services/key-ring.ts'
import { checkSecrets } from '../../src/services/secret-check.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'
import { silentLog } from '../helpers/test-server.ts'

// Credentials of private repositories: written once, never shown, opened for git alone.

let database: Database
let manager: TestManager
let api: SignedIn

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

beforeEach(async () => {
  await emptyTables(database)
  manager = await startTestManager(database)
  api = await manager.signIn('alice')
})
afterEach(() => manager[Symbol.asyncDispose]())

const secret = 'ghp_canary-5d1e88'
const create = (change = {}, as = api) =>
  as.call('POST /api/credentials', { body: { name: 'Mine', host: 'git.example', secret, ...change } })
const source = (credentialId: string, repoUrl = 'https://git.example/o/r') => ({
  type: 'git' as const,
  repoUrl,
  credentialId,
})
const app = (slug: string, codeSource: ReturnType<typeof source>, as = api) =>
  as.call('POST /api/apps', { body: { name: slug, slug, codeSource } })

describe('a credential', () => {
  it('is never shown again, and not stored as it is', async () => {
    const created = await create({ username: 'bot' })
    expect(created).toMatchObject({ name: 'Mine', host: 'git.example', username: 'bot', lastUsedAt: null })
    const listed = await api.send('/api/credentials')
    expect(JSON.parse(await listed.clone().text())).toEqual({ items: [created] })
    expect(JSON.stringify(created) + (await listed.text())).not.toContain(secret)
    const [row] = await database.db.select().from(credentials)
    expect(row?.secret).toMatch(/^v1:k1:/)
    expect(JSON.stringify(row)).not.toContain(secret)
  })

  it('is its owner’s alone', async () => {
    const { id } = await create()
    const bob = await manager.signIn('bob')
    expect((await bob.call('GET /api/credentials', {})).items).toEqual([])
    const remove = (as: SignedIn) => as.call('DELETE /api/credentials/:credentialId', { params: { credentialId: id } })
    await expect(remove(bob)).rejects.toMatchObject({ status: 404 })
    await expect(app('bobs', source(id), bob)).rejects.toMatchObject({ status: 400 })
    await remove(api)
    expect((await api.call('GET /api/credentials', {})).items).toEqual([])
  })

  it('is for its host alone', async () => {
    const { id } = await create({ host: 'git.example:8443' })
    await expect(app('other', source(id))).rejects.toMatchObject({
      problem: { code: 'invalid-request', errors: [{ path: 'codeSource.credentialId' }] },
    })
    const made = await app('mine', source(id, 'https://git.example:8443/o/r'))
    const change = { params: { appId: made.id }, body: { codeSource: source(id) } }
    await expect(api.call('PUT /api/apps/:appId', change)).rejects.toMatchObject({ status: 400 })
  })

  it('that was deleted fails the build with a sentence', async () => {
    const { id } = await create()
    const made = await app('mine', source(id))
    await api.call('DELETE /api/credentials/:credentialId', { params: { credentialId: id } })
    expect((await api.settle(made.id, 'deploy')).failure).toMatchObject({
      code: 'source-needs-auth',
      detail: 'The credential of this app was deleted. Choose another one.',
    })
  })

  it('that was altered in the database fails the build', async () => {
    const [one, other] = [await create(), await create({ secret: 'another-secret' })]
    const made = await app('mine', source(one.id))
    const [stolen] = await database.db.select().from(credentials).where(eq(credentials.id, other.id))
    await database.db.update(credentials).set({ secret: stolen?.secret }).where(eq(credentials.id, one.id))
    expect((await api.settle(made.id, 'deploy')).failure).toMatchObject({ code: 'secret-unreadable' })
  })

  it.each([
    { host: 'localhost' },
    { host: 'https://git.example' },
    { host: '10.0.0.1' },
    { host: 'GIT.example' },
    { secret: 'line\nbreak' },
    { secret: 'short' },
    { username: 'a:b' },
    { name: ' ' },
    { more: 1 },
  ])('is not taken as %j', async (change) => {
    await expect(create(change)).rejects.toMatchObject({ status: 400 })
  })

  it('has a bound', async () => {
    for (let count = 0; count < 50; count++) await create({ name: `n${count}` })
    await expect(create()).rejects.toMatchObject({ problem: { code: 'too-many-credentials' } })
  })
})

describe('the keys', () => {
  const line = (id: string, fill: number) => `${id}:${Buffer.alloc(32, fill).toString('base64')}`
  const check = async (text: string) => {
    const keys = createKeyRing(text)
    const vault = createCredentialVault({ store: createStore(database.db), keys, now: () => new Date() })
    await checkSecrets({ installation: createInstallationRepository(database.db), vault, keys, log: silentLog })
    return vault
  }

  it('must open what was sealed before', async () => {
    await expect(check(line('k1', 9))).rejects.toThrow(/SECRETS_KEYS does not hold the key/)
    await expect(check(line('other', 7))).rejects.toThrow('another key (k1)')
    await check(line('k1', 7))
  })

  it('change by putting a new one first', async () => {
    const { id } = await create()
    const [user] = await database.db.select().from(credentials)
    const vault = await check(`${line('k2', 2)}\n${line('k1', 7)}`)
    expect(await vault.open(user?.ownerId ?? '', id, 'https://git.example/o/r')).toEqual({
      username: 'x-access-token',
      secret,
    })
    const [row] = await database.db.select().from(credentials)
    const [one] = await database.db.select().from(installation)
    expect([row?.secret, one?.canary]).toEqual([expect.stringMatching(/^v1:k2:/), expect.stringMatching(/^v1:k2:/)])
    await check(line('k2', 2))
  })
})

describe('looking at a repository', () => {
  it('says why it cannot', async () => {
    const inspect = api.call('POST /api/git/inspect', { body: { repoUrl: 'https://127-0-0-1.invalid/o/r' } })
    await expect(inspect).rejects.toMatchObject({ status: 422, problem: { code: 'source-unreadable' } })
    const foreign = { repoUrl: 'https://git.example/o/r', credentialId: '0b9aa1b4-3f1c-4c4e-9a38-6a3f0a3cf0aa' }
    await expect(api.call('POST /api/git/inspect', { body: foreign })).rejects.toMatchObject({ status: 400 })
  })
})
