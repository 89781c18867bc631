import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { openDatabase } from '../../src/db/open.ts'
import { preparePostgres } from '../../src/db/prepare-postgres.ts'
import { createStore } from '../../src/repositories/store.ts'
import { actAtConsole } from '../../src/services/audit-record.ts'

const server = process.env.TEST_DATABASE_URL

describe.runIf(server)('the roles on Postgres', () => {
  const name = `rsp_roles_${randomUUID().slice(0, 8)}`
  const admin = postgres(server ?? '', { max: 1, onnotice: () => undefined })
  const adminUrl = Object.assign(new URL(server ?? 'postgres://none'), { pathname: name }).href
  // What people do to connection strings.
  const appUrl = Object.assign(new URL(adminUrl), {
    username: name,
    password: encodeURIComponent(`hub[test/:?@#%'`),
  }).href
  let database: Database

  beforeAll(async () => {
    await admin.unsafe(`create database ${name}`)
  })
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]()
    await admin.unsafe(`drop database ${name} with (force)`)
    await admin.unsafe(`drop role ${name}`)
    await admin.end()
  })

  it('are made once, and again at each start, from a database of an earlier version too', async () => {
    // As earlier versions did: a superuser migrated, and owns everything.
    await using _ = await openDatabase({ url: adminUrl, dataDir: '' })
    for (let count = 0; count < 2; count++) await preparePostgres({ adminUrl, appUrl })
    database = await openDatabase({ url: appUrl, dataDir: '', migrates: false, refuseSuperuser: true })
    await database.ping()
    expect(await database.lead()).toBe(true)
  })

  it('let the manager write rows and add to the audit log, no more', async () => {
    const store = createStore(database.db)
    await store.audit.record(actAtConsole('password.reset'))
    await store.users.insert({ id: randomUUID(), username: 'ada', passwordHash: 'x', role: 'user' })
    const refused = [
      sql`update audit_events set action = 'x'`,
      sql`delete from audit_events`,
      sql`truncate audit_events`,
      sql`alter table audit_events disable trigger all`,
      sql`drop table audit_events`,
      sql`create table mine (id int)`,
      sql`alter table users add column mine int`,
      sql`set role rserve_proxy_owner`,
      sql`delete from drizzle.__drizzle_migrations`,
      sql`select pg_read_file('/etc/passwd')`,
    ]
    for (const statement of refused)
      await expect(database.db.execute(statement), JSON.stringify(statement.queryChunks)).rejects.toMatchObject({
        cause: { code: '42501' },
      })
    expect(await store.audit.list({}, 10)).toHaveLength(1)
  })

  it('are demanded of the manager, which says so', async () => {
    await expect(openDatabase({ url: adminUrl, dataDir: '', refuseSuperuser: true })).rejects.toThrow(/a superuser/)
  })

  it('and the migrations too', async () => {
    const empty = `${name}_empty`
    await admin.unsafe(`create database ${empty}`)
    const url = Object.assign(new URL(adminUrl), { pathname: empty }).href
    await expect(openDatabase({ url, dataDir: '', migrates: false })).rejects.toThrow(/lacks the newest migrations/)
    await admin.unsafe(`drop database ${empty} with (force)`)
  })
})
