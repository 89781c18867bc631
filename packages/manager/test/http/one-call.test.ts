import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Deployed } from '@rserve-proxy/contract/one-call.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { codeFolder } from '../helpers/code-folder.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'
import { zipOf } from '../helpers/zip.ts'

// POST /api/deploy/:slug: from an archive to a running app with one call.

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

async function gzipOf(text: string, more: Record<string, string> = {}) {
  await using code = await codeFolder(text, more)
  const options = { encoding: 'buffer' as const, maxBuffer: 2 ** 26 }
  const { stdout } = await promisify(execFile)('tar', ['-C', code.folder, '-cz', '.'], options)
  return new Uint8Array(stdout)
}

const post = (path: string, body?: RequestInit['body'], headers: Record<string, string> = {}, as = api) =>
  as.send(`/api/deploy/${path}`, { method: 'POST', headers, ...(body && { body }) })
const gzip = { 'content-type': 'application/gzip' }
const deployed = async (response: Response): Promise<Deployed> => JSON.parse(await response.text())
const slugs = async () => (await api.call('GET /api/apps', { querystring: {} })).items.map(({ slug }) => slug)

describe('an archive', () => {
  it('becomes a running app', async () => {
    const response = await post('hello?create=true&wait=60', await gzipOf('library(mime)'), gzip)
    expect(response.status).toBe(200)
    const { app, deployment, url } = await deployed(response)
    expect(response.headers.get('location')).toBe(`/api/apps/${app.id}/deployments/${deployment.id}`)
    expect(url).toBe('http://localhost:8880/hello/')
    expect(app).toMatchObject({ slug: 'hello', name: 'hello', status: 'running', url })
    expect(deployment).toMatchObject({ kind: 'deploy', status: 'live' })
  })

  it('is new code of an app that exists, with the fields that the query names', async () => {
    await post('hello?create=true&wait=60', await gzipOf('1'), gzip)
    const query = 'packages=mime,R6&entryScript=app.R&memoryBytes=268435456&name=Hello%20World'
    const second = await post(`hello?${query}`, new Uint8Array(zipOf({ name: 'app.R', content: '2' })), {
      'content-type': 'application/zip',
    })
    expect(second.status).toBe(202)
    expect((await deployed(second)).app).toMatchObject({
      ...{ name: 'Hello World', packages: ['mime', 'R6'], resources: { memoryBytes: 268435456 } },
    })
    expect(await slugs()).toEqual(['hello'])
  })

  it('may come in a form, after the fields', async () => {
    const form = new FormData()
    form.append('name', 'From a form')
    form.append('replicas', '2')
    form.append('bundle', new Blob([await gzipOf('1')]), 'mine.tar.gz')
    const { app } = await deployed(await post('formed?create=true', form))
    expect(app).toMatchObject({ name: 'From a form', replicas: 2 })
  })

  it('that is refused leaves no app behind, nor another one changed', async () => {
    expect((await post('hello?create=true', 'no archive', gzip)).status).toBe(415)
    expect(await slugs()).toEqual([])
    await post('hello?create=true&wait=60', await gzipOf('1'), gzip)
    expect((await post('hello?name=Other', 'no archive', gzip)).status).toBe(415)
    const { items } = await api.call('GET /api/apps', { querystring: {} })
    expect(items).toMatchObject([{ name: 'hello', status: 'running' }])
  })

  it('is taken once when the call is repeated with its key', async () => {
    const code = await gzipOf('1')
    const key = { ...gzip, 'idempotency-key': 'k' }
    const first = await deployed(await post('hello?create=true', code, key))
    const again = await post('hello?create=true', code, key)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect((await deployed(again)).deployment.id).toBe(first.deployment.id)
    const other = await post('hello?create=true', await gzipOf('2'), key)
    expect(other.status).toBe(409)
  })
})

describe('what is refused', () => {
  const problem = async (response: Response) => ({ status: response.status, ...JSON.parse(await response.text()) })

  it('an app that is not there, or is somebody else’s', async () => {
    expect(await problem(await post('hello', await gzipOf('1'), gzip))).toMatchObject({
      ...{ status: 404, code: 'app-not-found', detail: expect.stringContaining('?create=true') },
    })
    await post('hello?create=true', await gzipOf('1'), gzip)
    const bob = await manager.signIn('bob')
    expect((await post('hello', await gzipOf('1'), gzip, bob)).status).toBe(404)
    expect(await problem(await post('hello?create=true', await gzipOf('1'), gzip, bob))).toMatchObject({
      ...{ status: 409, code: 'slug-taken' },
    })
  })

  it.each([
    ['packages=local::x', 400, 'packages.0'],
    ['replicas=many', 400, 'replicas'],
    ['replicas=11', 400, 'replicas'],
    ['color=red', 400, 'color'],
    ['mode=shiny', 400, 'mode'],
  ])('?%s', async (query, status, path) => {
    const response = await problem(await post(`hello?create=true&${query}`, await gzipOf('1'), gzip))
    expect(response).toMatchObject({ status, code: 'invalid-request', errors: [{ path }] })
    expect(await slugs()).toEqual([])
  })

  it('code without code, and other kinds of body', async () => {
    expect(await problem(await post('hello?create=true'))).toMatchObject({ status: 409, code: 'nothing-to-deploy' })
    const json = { 'content-type': 'application/json' }
    expect((await post('hello?create=true', '{"codeSource":{"type":"svn"}}', json)).status).toBe(400)
    expect((await post('hello?create=true', 'x', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post('UPPER?create=true', await gzipOf('1'), gzip)).status).toBe(400)
    expect(await problem(await post('api?create=true', await gzipOf('1'), gzip))).toMatchObject({
      code: 'slug-reserved',
    })
  })

  it('a form with a field twice, or after the file', async () => {
    const twice = new FormData()
    for (const name of ['a', 'b']) twice.append('name', name)
    twice.append('bundle', new Blob([await gzipOf('1')]), 'x.tgz')
    expect((await post('hello?create=true', twice)).status).toBe(400)
    const late = new FormData()
    late.append('bundle', new Blob([await gzipOf('1')]), 'x.tgz')
    late.append('name', 'late')
    expect((await post('hello?create=true', late)).status).toBe(400)
    expect(await slugs()).toEqual([])
  })
})

it('takes the code of a repository that JSON names', async () => {
  const codeSource = { type: 'git', repoUrl: 'https://git.example/owner/repo' }
  const response = await post('mine?create=true', JSON.stringify({ codeSource }), {
    'content-type': 'application/json',
  })
  expect(response.status).toBe(202)
  expect((await deployed(response)).app).toMatchObject({ codeSource })
  expect((await post('mine', await gzipOf('1'), gzip)).status).toBe(409)
})
