import { Problem } from '@rserve-proxy/contract/problems.ts'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { idempotencyKeys } from '../../src/db/schema.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { addUser, createTestServer, fromPage, signIn } from '../helpers/test-server.ts'

const appId = '0b9aa1b4-3f1c-4c4e-9a38-6a3f0a3cf0aa'
let database: Database
let server: FastifyInstance
let cookie: string
let runs: number
let work: () => Promise<unknown>

const deployment = (number: number) => ({
  id: `0b9aa1b4-3f1c-4c4e-9a38-00000000000${number}`,
  appId,
  kind: 'rebuild' as const,
  status: 'queued' as const,
  generation: null,
  release: null,
  build: null,
  steps: [],
  failure: null,
  requestedBy: null,
  draining: null,
  createdAt: '2025-01-01T00:00:00.000Z',
  finishedAt: null,
})

beforeAll(async () => {
  database = await openTestDatabase()
  const missing = async () => Promise.reject(new Error('not asked'))
  server = await createTestServer(database, {
    services: {
      deployments: {
        async request() {
          await work()
          return deployment(++runs)
        },
        list: missing,
        get: missing,
        cancel: missing,
        endDrain: missing,
        waitFor: async (_principal, asked) => ({ deployment: asked, settled: true }),
      },
    },
  })
})

beforeEach(async () => {
  await emptyTables(database)
  await addUser(database, 'alice')
  cookie = await signIn(server, 'alice')
  runs = 0
  work = async () => undefined
})

afterAll(async () => {
  await server.close()
  await database[Symbol.asyncDispose]()
})

const rebuild = (key: string, payload: object = {}, session = cookie, query = '') =>
  server.inject({
    method: 'POST',
    url: `/api/apps/${appId}/rebuild${query}`,
    headers: { ...fromPage(session), 'idempotency-key': key },
    payload,
  })

it('answers a repeated request as the first, without doing it again', async () => {
  const first = await rebuild('k1', { updatePackages: true })
  const again = await rebuild('k1', { updatePackages: true })
  expect(runs).toBe(1)
  expect({ status: again.statusCode, body: again.body, location: again.headers.location }).toEqual({
    status: 202,
    body: first.body,
    location: `/api/apps/${appId}/deployments/${first.json().id}`,
  })
  expect(again.headers['content-type']).toBe(first.headers['content-type'])
  expect(again.headers['idempotency-replayed']).toBe('true')
  expect(first.headers['idempotency-replayed']).toBeUndefined()
})

it('answers 200 when it was told to wait and the end came', async () => {
  expect((await rebuild('k1', {}, cookie, '?wait=5')).statusCode).toBe(200)
})

it('refuses the key for another body', async () => {
  await rebuild('k1', { updatePackages: true })
  const other = await rebuild('k1', { updatePackages: false })
  expect(other.json()).toMatchObject({ status: 409, code: 'idempotency-key-reused' })
  expect(runs).toBe(1)
})

it('keeps the keys of people apart', async () => {
  await addUser(database, 'bob')
  await rebuild('k1')
  expect((await rebuild('k1', {}, await signIn(server, 'bob'))).statusCode).toBe(202)
  expect(runs).toBe(2)
})

it('does it once when both arrive together', async () => {
  const started = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  work = async () => {
    started.resolve()
    await finish.promise
  }
  const first = rebuild('k1')
  await started.promise
  expect((await rebuild('k1')).json()).toMatchObject({ status: 409, detail: expect.stringContaining('still running') })
  finish.resolve()
  expect((await first).statusCode).toBe(202)
  expect(runs).toBe(1)
})

it('forgets a request that failed', async () => {
  work = () => Promise.reject(new Problem('app-busy'))
  expect((await rebuild('k1')).statusCode).toBe(409)
  work = async () => undefined
  expect((await rebuild('k1')).statusCode).toBe(202)
})

it('forgets a request that a killed manager never answered', async () => {
  await rebuild('k1')
  await database.db.update(idempotencyKeys).set({ answer: null, createdAt: sql`now() - interval '6 minutes'` })
  expect((await rebuild('k1')).statusCode).toBe(202)
  expect(runs).toBe(2)
})

it.each(['', 'two words', 'x'.repeat(201)])('refuses the key %j', async (key) => {
  expect((await rebuild(key)).json()).toMatchObject({ status: 400, code: 'invalid-request' })
})
