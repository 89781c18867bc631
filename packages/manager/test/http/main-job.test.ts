import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { App } from '@rserve-proxy/contract/apps.ts'
import { ApiError } from '@rserve-proxy/contract/client.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { codeFolder } from '../helpers/code-folder.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

let database: Database
let dataDir: string
let manager: TestManager
let api: SignedIn
let app: App

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

beforeEach(async () => {
  await emptyTables(database)
  dataDir = await mkdtemp(join(tmpdir(), 'rsp-main-job-'))
  manager = await startTestManager(database, { dataDir })
  api = await manager.signIn('alice')
  app = await api.call('POST /api/apps', { body: { name: 'Demo', slug: 'demo', codeSource: { type: 'upload' } } })
})
afterEach(async () => {
  await manager[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true })
})

const params = () => ({ appId: app.id })
const read = () => api.call('GET /api/apps/:appId', { params: params() })
const verb = (name: 'deploy' | 'start' | 'stop' | 'restart' | 'rebuild') =>
  api.call(`POST /api/apps/:appId/${name}`, { params: params(), querystring: {} })

async function upload(text: string) {
  await using code = await codeFolder(text)
  return await api.upload(app.id, code.folder)
}

async function problemOf(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof ApiError ? error.problem : error
}

describe('deploy', () => {
  it('goes through its steps to live and makes a release', async () => {
    await upload('first')
    const deployment = await api.settle(app.id, 'deploy')
    expect(deployment).toMatchObject({ kind: 'deploy', status: 'live', generation: 1, release: 1, failure: null })
    expect(deployment.steps.map(({ name, status }) => `${name} ${status}`)).toEqual([
      'fetch done',
      'packages done',
      'build done',
      'start done',
      'verify done',
      'switch done',
      'drain skipped',
    ])
    expect(await read()).toMatchObject({ status: 'running', desiredState: 'running', release: { number: 1 } })
    const { items } = await api.call('GET /api/apps/:appId/releases', { params: params(), querystring: {} })
    expect(items).toMatchObject([{ number: 1, settings: { rVersion: '4.5.0', mode: 'ocap' } }])
  })

  it('needs code', async () => {
    expect(await problemOf(verb('deploy'))).toMatchObject({ code: 'nothing-to-deploy', status: 409 })
    expect(await problemOf(verb('restart'))).toMatchObject({ code: 'nothing-to-deploy' })
  })

  it('answers the same deployment while it is pending, and another for newer code', async () => {
    await upload('first')
    manager.builder.setFault(app.id, { kind: 'hang' })
    const first = await verb('deploy')
    expect((await verb('deploy')).id).toBe(first.id)
    await upload('second')
    const second = await verb('deploy')
    expect(second.id).not.toBe(first.id)
    await upload('third')
    const third = await verb('deploy')
    const { items } = await api.call('GET /api/apps/:appId/deployments', { params: params(), querystring: {} })
    expect(items.map(({ id, status }) => [id, status])).toEqual([
      [third.id, 'queued'],
      [second.id, 'superseded'],
      [first.id, 'building'],
    ])
  })

  it('keeps the old release when the new code does not load, and names the error', async () => {
    await upload('first')
    await api.settle(app.id, 'deploy')
    await upload('stop("no model")')
    expect(await api.settle(app.id, 'deploy')).toMatchObject({
      status: 'failed',
      release: 2,
      failure: { code: 'code-does-not-load', detail: expect.stringContaining('no model') },
    })
    expect(await read()).toMatchObject({ status: 'running', statusDetail: 'v2 failed: the code does not load' })
    await expect.poll(() => manager.engine.containersOf(manager.instance).length).toBe(1)
  })

  it('fails with the code of a failed build', async () => {
    await upload('first')
    const lastLines = ['package ‘nope’ is not available for this version of R']
    manager.builder.setFault(app.id, { kind: 'fail', message: 'exit code 1', lastLines, exitCode: 1 })
    expect(await api.settle(app.id, 'deploy')).toMatchObject({
      status: 'failed',
      failure: { code: 'package-not-found', lastLines },
      build: { status: 'failed' },
    })
    expect(await read()).toMatchObject({ status: 'failed' })
  })

  it('fails when there is no entry script', async () => {
    await api.call('PUT /api/apps/:appId', { params: params(), body: { entryScript: 'main.R' } })
    await upload('first')
    expect(await api.settle(app.id, 'deploy')).toMatchObject({
      status: 'failed',
      failure: { code: 'entry-not-regular' },
    })
  })
})

describe('cancel', () => {
  it('ends the build and leaves the app as it was', async () => {
    await upload('first')
    manager.builder.setFault(app.id, { kind: 'hang' })
    const { id } = await verb('deploy')
    await expect.poll(() => read()).toMatchObject({ deployment: { status: 'building' } })
    const cancelled = await api.call('POST /api/apps/:appId/deployments/:deploymentId/cancel', {
      params: { ...params(), deploymentId: id },
    })
    expect(cancelled).toMatchObject({ status: 'cancelled' })
    await expect
      .poll(() => read())
      .toMatchObject({ deployment: { build: { status: 'cancelled' } }, desiredState: 'stopped' })
  })

  it('is refused once it is live', async () => {
    await upload('first')
    const { id } = await api.settle(app.id, 'deploy')
    const again = api.call('POST /api/apps/:appId/deployments/:deploymentId/cancel', {
      params: { ...params(), deploymentId: id },
    })
    expect(await problemOf(again)).toMatchObject({ code: 'already-switched', status: 409 })
  })
})

describe('stop, start, restart', () => {
  beforeEach(async () => {
    await upload('first')
    await api.settle(app.id, 'deploy')
  })

  it('stops, twice without harm, and starts the same release without a build', async () => {
    const stopped = await api.settle(app.id, 'stop')
    expect(stopped).toMatchObject({ kind: 'stop', status: 'stopped' })
    expect((await api.settle(app.id, 'stop')).id).toBe(stopped.id)
    expect(await read()).toMatchObject({ status: 'stopped' })
    expect(manager.engine.containersOf(manager.instance)).toEqual([])
    const started = await api.settle(app.id, 'start')
    expect(started).toMatchObject({ status: 'live', release: 1, generation: 2, build: null })
    expect((await api.settle(app.id, 'start')).id).toBe(started.id)
  })

  it('restarts as a new generation of the same release', async () => {
    expect(await api.settle(app.id, 'restart')).toMatchObject({ status: 'live', release: 1, generation: 2 })
    await expect.poll(() => manager.engine.containersOf(manager.instance).length).toBe(1)
    const { items } = await api.call('GET /api/apps/:appId/deployments', { params: params(), querystring: {} })
    expect(items.map(({ status }) => status)).toEqual(['live', 'replaced'])
  })
})

describe('the manager', () => {
  beforeEach(async () => {
    await upload('first')
    await api.settle(app.id, 'deploy')
  })

  it('adopts what runs after a restart', async () => {
    const before = manager.engine.containersOf(manager.instance).map(({ id }) => id)
    await manager[Symbol.asyncDispose]()
    manager = await startTestManager(database, { dataDir, engine: manager.engine })
    api = await manager.signIn('alice')
    await expect.poll(() => read()).toMatchObject({ status: 'running' })
    expect(manager.engine.containersOf(manager.instance).map(({ id }) => id)).toEqual(before)
  })

  it('takes up a build that it was killed in', async () => {
    await upload('second')
    manager.builder.setFault(app.id, { kind: 'hang' })
    const { id } = await verb('deploy')
    await expect.poll(() => read()).toMatchObject({ deployment: { build: { status: 'running' } } })
    await manager[Symbol.asyncDispose]()
    manager = await startTestManager(database, { dataDir, engine: manager.engine })
    api = await manager.signIn('alice')
    const deployment = () =>
      api.call('GET /api/apps/:appId/deployments/:deploymentId', { params: { ...params(), deploymentId: id } })
    await expect.poll(deployment, { timeout: 5_000 }).toMatchObject({ status: 'live', release: 2 })
  })

  it('says unknown, never stopped, while the engine is out of reach', async () => {
    manager.engine.setUnavailable(true)
    await expect.poll(() => read(), { timeout: 5_000 }).toMatchObject({ status: 'unknown', desiredState: 'running' })
    manager.engine.setUnavailable(false)
    await expect.poll(() => read(), { timeout: 5_000 }).toMatchObject({ status: 'running' })
    expect(manager.engine.containersOf(manager.instance)).toHaveLength(1)
  })

  it('leaves nothing of a deleted app', async () => {
    await api.call('DELETE /api/apps/:appId', { params: params() })
    expect(await problemOf(read())).toMatchObject({ code: 'app-not-found' })
    await expect.poll(() => manager.engine.containersOf(manager.instance).length).toBe(0)
    await expect.poll(() => api.call('GET /api/slugs/:slug', { params: { slug: 'demo' } })).toEqual({ available: true })
    expect(await readdir(join(dataDir, 'uploads'))).toEqual([])
    expect(await readdir(join(dataDir, 'logs'))).toEqual([])
  })

  it('hides an app from others, but not from an admin', async () => {
    const bob = await manager.signIn('bob')
    const admin = await manager.signIn('admin')
    expect(await problemOf(bob.call('GET /api/apps/:appId', { params: params() }))).toMatchObject({
      code: 'app-not-found',
    })
    expect(
      await problemOf(bob.call('POST /api/apps/:appId/stop', { params: params(), querystring: {} })),
    ).toMatchObject({ code: 'app-not-found' })
    expect((await bob.call('GET /api/apps', { querystring: {} })).items).toEqual([])
    expect((await admin.call('GET /api/apps', { querystring: {} })).items).toMatchObject([{ slug: 'demo' }])
  })
})

describe('logs', () => {
  it('serves the build log as text and as events that resume', async () => {
    await upload('first')
    await api.settle(app.id, 'deploy')
    const path = `/api/apps/${app.id}/logs?stream=build&follow=true`
    const text = await (await api.send(path)).text()
    expect(text).toContain('assembling')
    expect(text.trimEnd().split('\n').at(-1)).toContain('succeeded')
    const accept = { accept: 'text/event-stream' }
    const events = await (await api.send(path, { headers: accept })).text()
    expect(events).toMatch(/event: end\ndata: .*succeeded/)
    const id = /^id: (\d+)/m.exec(events)?.[1] ?? ''
    const rest = await (await api.send(path, { headers: { ...accept, 'last-event-id': id } })).text()
    expect(rest).not.toContain('assembling')
  })

  it('serves what the app prints', async () => {
    await upload('first')
    await api.settle(app.id, 'deploy')
    manager.engine.print(app.id, 'hello from R')
    const path = `/api/apps/${app.id}/logs`
    expect(await (await api.send(path)).text()).toContain('hello from R')
    // The id of another stream, as a client sends it that changed from the build's log to this one.
    const headers = { accept: 'text/event-stream', 'last-event-id': '4711' }
    expect(await (await api.send(path, { headers })).text()).toContain('hello from R')
  })
})

it('refuses an upload for an app whose code comes from git', async () => {
  const codeSource = { type: 'git' as const, repoUrl: 'https://git.example.org/u/r' }
  const other = await api.call('POST /api/apps', { body: { name: 'Git', slug: 'git-app', codeSource } })
  await using code = await codeFolder('x')
  await expect(api.upload(other.id, code.folder)).rejects.toThrow('source-is-git')
})
