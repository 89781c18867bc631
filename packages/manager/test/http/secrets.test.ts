import { Writable } from 'node:stream'
import { sql } from 'drizzle-orm'
import Fastify from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import * as schema from '../../src/db/schema.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'
import { addUser } from '../helpers/test-server.ts'

// Secrets of a known text go through everything that takes one; afterwards none of them stands anywhere.

const logged: string[] = []
const log = Fastify({
  logger: {
    level: 'trace',
    stream: new Writable({
      write(chunk, _encoding, done) {
        logged.push(String(chunk))
        done()
      },
    }),
  },
}).log

let database: Database
let manager: TestManager

beforeAll(async () => {
  database = await openTestDatabase()
  manager = await startTestManager(database, { log })
})
afterAll(async () => {
  await manager[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

it('no secret appears in a log, an answer, an audit row or the database', async () => {
  const answers: string[] = []
  const admin = await manager.signIn('admin')
  const secrets = {
    password: 'sentinel password one',
    newPassword: 'sentinel password two',
    wrongPassword: 'sentinel password three',
    gitSecret: 'sentinel-of-git-4',
    setupToken: 'sentinel-of-setup-5',
    madeUpToken: 'rsp_pat_sentinelsentinelsentinelsentinelsentin',
  }
  const ask = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const init = { method, headers: { 'content-type': 'application/json', ...headers } }
    const response = await admin.send(path, { ...init, ...(body && { body: JSON.stringify(body) }) })
    const text = await response.text()
    answers.push(text, JSON.stringify([...response.headers]))
    return { status: response.status, text }
  }
  const { password, newPassword, wrongPassword, gitSecret, setupToken, madeUpToken } = secrets

  await ask('POST', '/api/users', { username: 'sam', password, role: 'user' })
  await ask('POST', '/api/users', { username: 'sam', password, role: 'nonsense', more: wrongPassword })
  await ask('POST', '/api/auth/login', { username: 'admin', password: wrongPassword })
  await ask('POST', '/api/auth/login', { username: wrongPassword, password: 1 })
  await ask('PUT', '/api/auth/password', { currentPassword: wrongPassword, newPassword })
  await ask('POST', '/api/setup', { token: setupToken, username: 'eve', password })
  await ask('POST', '/api/credentials', { name: 'git', host: 'git.example', secret: gitSecret })
  await ask('POST', '/api/credentials', { name: 'git', host: 'not a host', secret: gitSecret })
  await ask('GET', `/api/apps?token=${madeUpToken}`)
  await ask('GET', '/api/apps', undefined, { authorization: `Bearer ${madeUpToken}` })
  const made = await ask('POST', '/api/auth/tokens', { name: 'ci' }, { 'idempotency-key': 'once' })
  const { token }: { token: string } = JSON.parse(made.text)
  answers.splice(answers.indexOf(made.text), 1)
  const again = await ask('POST', '/api/auth/tokens', { name: 'ci' }, { 'idempotency-key': 'once' })
  expect(JSON.parse(again.text)).toMatchObject({ status: 409, code: 'idempotency-key-reused' })
  await ask('GET', '/api/auth/tokens')
  await ask('GET', '/api/auth/me', undefined, { authorization: `Bearer ${token}` })
  await ask('GET', '/api/audit?limit=100')
  await ask('GET', '/api/audit?format=csv')
  await ask('GET', '/api/credentials')
  await addUser(database, 'last')

  const dump = await Promise.all(
    Object.values(schema).map((table) =>
      database.db.execute(sql`select * from ${table}`).then((rows) => JSON.stringify(rows)),
    ),
  )
  const cookie = admin.cookie()
  const session = decodeURIComponent(cookie.split('=')[1] ?? '').split('.')[0] ?? ''
  expect(session.length).toBeGreaterThan(20)
  expect(logged.join('').length).toBeGreaterThan(500)
  for (const [name, secret] of Object.entries({
    ...secrets,
    token,
    session,
    secretOfCookies: '0123456789abcdef0123456789abcdef',
  })) {
    expect(logged.join(''), `${name} in the log`).not.toContain(secret)
    expect(dump.join(''), `${name} in the database`).not.toContain(secret)
    // What was sent as a name is told back to who sent it, and nobody else.
    expect(answers.join(''), `${name} in an answer`).not.toContain(secret)
  }
})
