import { ApiError } from '@rserve-proxy/contract/client.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { encodeCursor } from '../../src/services/page.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

let database: Database
let manager: TestManager
let api: SignedIn
let appId: string

beforeAll(async () => {
  database = await openTestDatabase()
  manager = await startTestManager(database)
  api = await manager.signIn('alice')
  appId = (await create('one')).id
})
afterAll(async () => {
  await manager[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const create = (slug: string, name = slug) =>
  api.call('POST /api/apps', { body: { name, slug, codeSource: { type: 'upload' } } })

async function statusOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof ApiError ? error.status : error
}

describe('a cursor that no list gave out', () => {
  const instant = '2026-01-01T00:00:00.000Z'
  it.each([
    ['no id', [instant, 'x']],
    ['no time', ['x', '0b9aa1b4-3f1c-4c4e-9a38-6a3f0a3cf0aa']],
    ['a time no calendar has', ['+275760-09-13T00:00:00.000Z', '0b9aa1b4-3f1c-4c4e-9a38-6a3f0a3cf0aa']],
    ['one part', [instant]],
  ])('is refused by the deployments: %s', async (_name, position) => {
    const querystring = { cursor: encodeCursor(position) }
    expect(await statusOf(api.call('GET /api/apps/:appId/deployments', { params: { appId }, querystring }))).toBe(400)
  })

  it.each([['a word'], [1.5], [1e12]])('is refused by the releases: %s', async (number) => {
    const querystring = { cursor: encodeCursor([number]) }
    expect(await statusOf(api.call('GET /api/apps/:appId/releases', { params: { appId }, querystring }))).toBe(400)
  })
})

it('goes on after an app with the longest name', async () => {
  const name = '🦆'.repeat(128)
  await create('two', name)
  await create('three', name)
  const page = { limit: 1, sort: 'name' as const }
  const seen: string[] = []
  let cursor: string | null | undefined
  do {
    const querystring = cursor ? { ...page, cursor } : page
    const { items, nextCursor } = await api.call('GET /api/apps', { querystring })
    seen.push(...items.map(({ slug }) => slug))
    cursor = nextCursor
  } while (cursor)
  expect(seen.toSorted()).toEqual(['one', 'three', 'two'])
})
