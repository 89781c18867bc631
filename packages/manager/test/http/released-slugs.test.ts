import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { releasedSlugs } from '../../src/db/schema.ts'
import { until } from '../../src/spawner/contract-steps.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

let database: Database
let manager: TestManager
let alice: SignedIn
let bob: SignedIn

beforeAll(async () => {
  database = await openTestDatabase()
  manager = await startTestManager(database)
  alice = await manager.signIn('alice')
  bob = await manager.signIn('bob')
})
afterAll(async () => {
  await manager[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const create = (api: SignedIn, slug: string) =>
  api.call('POST /api/apps', { body: { name: slug, slug, codeSource: { type: 'upload' } } })
const isFree = async (api: SignedIn, slug: string) =>
  (await api.call('GET /api/slugs/:slug', { params: { slug } })).available
async function createAndDelete(api: SignedIn, slug: string) {
  const { id } = await create(api, slug)
  await api.call('DELETE /api/apps/:appId', { params: { appId: id } })
  await until(() => isFree(api, slug), Boolean)
}

it('the address of a deleted app is kept from others for 30 days, not from its owner', async () => {
  await createAndDelete(bob, 'reports')
  expect(await isFree(alice, 'reports')).toBe(false)
  await expect(create(alice, 'reports')).rejects.toMatchObject({ status: 409, problem: { code: 'slug-taken' } })
  await createAndDelete(bob, 'reports')
  await database.db.update(releasedSlugs).set({ releasedAt: sql`now() - interval '31 days'` })
  expect(await isFree(alice, 'reports')).toBe(true)
  await expect(create(alice, 'reports')).resolves.toMatchObject({ slug: 'reports' })
})
