import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { auditEvents } from '../../src/db/schema.ts'
import { codeFolder } from '../helpers/code-folder.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

let database: Database
let manager: TestManager
let admin: SignedIn
let alice: SignedIn
let appId: string

beforeAll(async () => {
  database = await openTestDatabase()
  manager = await startTestManager(database)
  admin = await manager.signIn('admin')
  alice = await manager.signIn('alice')
  const body = { name: 'One', slug: 'one', codeSource: { type: 'upload' as const } }
  appId = (await alice.call('POST /api/apps', { body })).id
  await using code = await codeFolder('first')
  await alice.upload(appId, code.folder)
  for (const verb of ['deploy', 'restart', 'stop', 'start'] as const) await alice.settle(appId, verb)
  await alice.call('PUT /api/apps/:appId', { params: { appId }, body: { name: 'Two', drainSeconds: 5 } })
  await alice.call('DELETE /api/apps/:appId', { params: { appId } })
})
afterAll(async () => {
  await manager[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const list = (querystring: object) => admin.call('GET /api/audit', { querystring })
const oldestFirst = async (querystring: object) => (await list(querystring)).items.toReversed()

describe('the audit log', () => {
  it('tells every act on an app, by whom and from where', async () => {
    const events = await oldestFirst({ appId })
    expect(events.map(({ action }) => action)).toEqual([
      ...['app.create', 'app.upload', 'app.deploy', 'app.restart', 'app.stop', 'app.start', 'app.update', 'app.delete'],
    ])
    for (const event of events)
      expect(event).toMatchObject({
        actor: { name: 'alice', id: expect.any(String) },
        ...{ auth: 'session', tokenId: null, address: '127.0.0.1', result: 'success' },
        object: { type: 'app', id: appId, name: 'one' },
        requestId: expect.stringMatching(/^[\w-]{8,}$/),
        at: expect.stringMatching(/Z$/),
      })
    expect(events.find(({ action }) => action === 'app.update')?.detail).toBe('name, drainSeconds')
  })

  it('names the token of a script', async () => {
    const { id, token } = await alice.call('POST /api/auth/tokens', { body: { name: 'ci' } })
    const response = await fetch(`${manager.url}/api/credentials`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'c', host: 'git.example', secret: 'a-secret-of-git' }),
    })
    expect(response.status).toBe(201)
    const [event] = (await list({ action: 'credential.create' })).items
    expect(event).toMatchObject({ auth: 'token', tokenId: id, actor: { name: 'alice' } })
    expect(JSON.stringify(await database.db.select().from(auditEvents))).not.toMatch(/a-secret-of-git|rsp_pat_/)
  })

  it('is filtered by actor, action, result and time', async () => {
    expect((await list({ actor: 'ALICE', action: 'app.stop' })).items).toHaveLength(1)
    expect((await list({ actor: 'admin', action: 'app.stop' })).items).toEqual([])
    const [login] = (await list({ action: 'login', actor: 'alice' })).items
    expect((await list({ actor: login?.actor?.id ?? '', action: 'login' })).items).toHaveLength(1)
    expect((await list({ since: new Date(Date.now() + 60_000).toISOString() })).items).toEqual([])
    expect((await list({ until: '2020-01-01T00:00:00Z' })).items).toEqual([])
    for (let count = 0; count < 3; count++)
      await expect(alice.call('GET /api/audit', { querystring: {} })).rejects.toMatchObject({ status: 403 })
    expect((await list({ result: 'denied' })).items).toMatchObject([
      { action: 'access', detail: 'listAudit', actor: { name: 'alice' } },
    ])
  })

  it('comes page by page, each event once', async () => {
    const seen: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await list({ limit: 3, ...(cursor && { cursor }) })
      seen.push(...page.items.map(({ id }) => id))
      if (!page.nextCursor) break
      cursor = page.nextCursor
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe((await database.db.select().from(auditEvents)).length)
  })

  it('downloads as CSV, in which nothing is a formula', async () => {
    const body = { name: '=HYPERLINK("http://x","y"), ok', host: 'git.example', secret: 'a-secret-of-git' }
    await alice.call('POST /api/credentials', { body })
    const response = await admin.send('/api/audit?format=csv&action=credential.create')
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="audit.csv"')
    const [head, first] = (await response.text()).split('\r\n')
    expect(head).toBe(
      'at,actorId,actorName,auth,tokenId,address,action,objectType,objectId,objectName,appId,result,detail,requestId',
    )
    expect(first).toContain(`"'=HYPERLINK(""http://x"",""y""), ok (git.example)"`)
  })

  it('is kept as it was written', async () => {
    const before = await database.db.select().from(auditEvents)
    for (const statement of [sql`update audit_events set action = 'x'`, sql`delete from audit_events`]) {
      await expect(database.db.execute(statement)).rejects.toMatchObject({
        cause: { message: expect.stringContaining('kept as they were written') },
      })
    }
    expect(await database.db.select().from(auditEvents)).toEqual(before)
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const path = `/api/audit/${before[0]?.id}`
      expect((await admin.send(path, { method })).status).toBe(404)
    }
  })
})
