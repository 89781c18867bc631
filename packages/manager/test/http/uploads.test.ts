import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import type { UploadService } from '../../src/services/upload-service.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { addUser, createTestServer, fromPage, signIn } from '../helpers/test-server.ts'

const appId = '0b9aa1b4-3f1c-4c4e-9a38-6a3f0a3cf0aa'
const facts = {
  entryScriptFound: 'app.R',
  packagesFound: [],
  packagesFrom: null,
  rVersionFound: null,
  modeFound: null,
  unsupportedFound: null,
}
const upload = {
  id: '7f6e2c06-60cf-4b1e-8a5c-9b8c3b6a8b11',
  revision: 'abc',
  sizeBytes: 3,
  files: 1,
  ...facts,
}

let database: Database
let server: FastifyInstance
let cookie: string
let received: { name: string; content: string } | undefined
let failure: unknown
let refusal: Problem | undefined

const uploads: UploadService = {
  async check() {
    if (refusal) throw refusal
  },
  async receive(_principal, _appId, file) {
    try {
      received = { name: file.name, content: await text(file.stream) }
    } catch (error) {
      failure = error
      throw error
    }
    return upload
  },
  async inspect(stream) {
    received = { name: '', content: await text(stream) }
    return facts
  },
}

beforeAll(async () => {
  database = await openTestDatabase()
  await addUser(database, 'alice')
  server = await createTestServer(database, { services: { uploads } })
  cookie = await signIn(server, 'alice')
})

beforeEach(() => {
  received = undefined
  failure = undefined
  refusal = undefined
})

afterAll(async () => {
  await server.close()
  await database[Symbol.asyncDispose]()
})

const file = (name: string, content: string, filename = 'app.zip') =>
  `--B\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: application/zip\r\n\r\n${content}\r\n`
const field = (name: string) => `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\nvalue\r\n`
const send = (payload: string, type = 'multipart/form-data; boundary=B', more = {}) =>
  server.inject({
    method: 'POST',
    url: `/api/apps/${appId}/upload`,
    headers: { ...fromPage(cookie), ...(type && { 'content-type': type }), ...more },
    payload,
  })

it('streams the one file of the form to the service', async () => {
  const response = await send(`${file('bundle', 'PK\u0003\u0004 code')}--B--\r\n`)
  expect({ status: response.statusCode, body: response.json() }).toEqual({ status: 201, body: upload })
  expect(received).toEqual({ name: 'app.zip', content: 'PK\u0003\u0004 code' })
})

it.each([
  ['another field', `${file('other', 'x')}--B--\r\n`],
  ['a second file', `${file('bundle', 'x')}${file('bundle', 'y')}--B--\r\n`],
  ['a field before it', `${field('note')}${file('bundle', 'x')}--B--\r\n`],
  ['a field after it', `${file('bundle', 'x')}${field('note')}--B--\r\n`],
  ['a text field instead', `${field('bundle')}--B--\r\n`],
  ['no part', '--B--\r\n'],
  ['an empty body', ''],
  ['a body cut in the file', file('bundle', 'x'.repeat(1000)).slice(0, 400)],
  ['a body cut after the file', file('bundle', 'x')],
  ['another boundary', file('bundle', 'x').replaceAll('--B', '--C')],
])('refuses %s', async (_name, payload) => {
  const response = await send(payload)
  expect(response.json()).toMatchObject({ status: 400, code: 'invalid-request' })
  expect(received).toBeUndefined()
})

it('takes a repeated key for the same file alone, whatever the form around it', async () => {
  const key = { 'idempotency-key': randomUUID() }
  const first = await send(`${file('bundle', 'code')}--B--\r\n`, undefined, key)
  received = undefined
  const longer = `${file('bundle', 'code')}--B--\r\n`.replaceAll('--B', '--Boundary')
  const again = await send(longer, 'multipart/form-data; boundary=Boundary', key)
  expect({ status: again.statusCode, body: again.body }).toEqual({ status: 201, body: first.body })
  expect(again.headers['idempotency-replayed']).toBe('true')
  expect(Object.keys(again.headers)).not.toContain('bundle-digest')
  const other = await send(`${file('bundle', 'Code')}--B--\r\n`, undefined, key)
  expect(other.json()).toMatchObject({ status: 409, code: 'idempotency-key-reused' })
  expect(received).toBeUndefined()
})

it('gives the service the problem as the error of its stream', async () => {
  await send(`${file('bundle', 'x')}${field('note')}--B--\r\n`)
  expect(failure).toBeInstanceOf(Problem)
})

it.each([
  ['JSON', 'application/json'],
  ['an archive without a form', 'application/zip'],
  ['nothing said', ''],
])('takes forms only: %s', async (_name, type) => {
  const response = await send('{}', type)
  expect(response.json()).toMatchObject({ status: 415, code: 'unsupported-media-type' })
})

it('refuses a form without a boundary', async () => {
  expect((await send('x', 'multipart/form-data')).json()).toMatchObject({ status: 400 })
})

it('reads nothing for an app that the caller may not see', async () => {
  refusal = new Problem('app-not-found')
  expect((await send(`${file('bundle', 'x')}--B--\r\n`)).statusCode).toBe(404)
  expect(received).toBeUndefined()
})
