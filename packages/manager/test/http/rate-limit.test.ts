import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { addUser, createTestServer, fromPage, signIn } from '../helpers/test-server.ts'

let database: Database
let server: FastifyInstance

beforeAll(async () => {
  database = await openTestDatabase()
  await addUser(database, 'alice')
  await addUser(database, 'bob')
  server = await createTestServer(database, { config: { REQUESTS_PER_MINUTE: 10 } })
})
afterAll(async () => {
  await server.close()
  await database[Symbol.asyncDispose]()
})

it('counts what a user asks for, by cookie or token, says what is left, and refuses what is too much', async () => {
  const alice = await signIn(server, 'alice')
  const bob = await signIn(server, 'bob')
  const made = await server.inject({
    method: 'POST',
    url: '/api/auth/tokens',
    headers: fromPage(alice),
    payload: { name: 't' },
  })
  const me = (headers: object) => server.inject({ url: '/api/auth/me', headers: { ...headers } })
  const left = []
  for (let count = 0; count < 10; count++) left.push((await me(fromPage(alice))).headers['ratelimit-remaining'])
  expect(left).toEqual(['9', '8', '7', '6', '5', '4', '3', '2', '1', '0'])
  const refused = await me({ authorization: `Bearer ${made.json().token}` })
  expect(refused.json()).toMatchObject({ status: 429, code: 'too-many-requests' })
  expect(refused.headers).toMatchObject({ 'ratelimit-limit': '10', 'ratelimit-remaining': '0' })
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50)
  expect(Number(refused.headers['ratelimit-reset'])).toBeGreaterThan(50)
  expect((await me(fromPage(bob))).statusCode).toBe(200)
  // Who is nobody is told so first.
  expect((await me({})).statusCode).toBe(401)
})
