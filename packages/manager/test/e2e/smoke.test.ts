import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { App, CreateApp } from '@rserve-proxy/contract/apps.ts'
import type { ApiError } from '@rserve-proxy/contract/client.ts'
import { afterAll, beforeAll, describe, expect, it, onTestFailed } from 'vitest'
import { connect, type RserveSession } from '../helpers/rserve-client.ts'
import { type SignedIn, signIn } from '../helpers/signed-in.ts'
import { leftoversOf, managerContainer, outputOf, rowsOf } from './engine-facts.ts'
import { type GitContainer, startGitContainer } from './git-container.ts'
import { type Code, copyOfHello, exampleFolder } from './hello-code.ts'
import { stack } from './stack.ts'

let api: SignedIn
let git: GitContainer

beforeAll(async () => {
  api = await signIn(stack.url, 'admin', stack.adminPassword)
  git = await startGitContainer()
})
afterAll(() => git?.[Symbol.asyncDispose]())

/** How the newest code of a folder reaches the platform. */
const sources: {
  name: string
  codeSource: () => CreateApp['codeSource']
  publish: (appId: string, folder: string) => Promise<unknown>
}[] = [
  { name: 'upload', codeSource: () => ({ type: 'upload' }), publish: (appId, folder) => api.upload(appId, folder) },
  {
    name: 'git',
    codeSource: () => ({ type: 'git', repoUrl: git.url, branch: 'main' }),
    publish: (_appId, folder) => git.commit(folder),
  },
]

describe.each(sources)('hello from $name, from first deploy to delete', ({ codeSource, publish }) => {
  let code: Code
  let app: App
  let opened: RserveSession
  const slug = `smoke-${randomUUID().slice(0, 8)}`
  const params = () => ({ appId: app.id })
  const read = () => api.call('GET /api/apps/:appId', { params: params() })
  const add = async () => {
    const session = await connect(app.url.replace(/^http/, 'ws'))
    const sum = await session.call('add', 1, 2)
    session.close()
    return sum
  }

  /** What visitors get, asked over and over. */
  async function statusesUntil(end: Promise<unknown>) {
    const statuses: number[] = []
    let isOver = false
    const ended = end.finally(() => {
      isOver = true
    })
    while (!isOver) {
      statuses.push((await fetch(app.url)).status)
      await sleep(50)
    }
    await ended
    return statuses
  }

  beforeAll(async () => {
    code = await copyOfHello()
  })
  afterAll(() => code[Symbol.asyncDispose]())

  it('is created', async () => {
    app = await api.call('POST /api/apps', { body: { name: 'Smoke', slug, codeSource: codeSource() } })
    expect(app).toMatchObject({ slug, status: 'draft', url: `${stack.url}/${slug}/` })
  })

  it('answers HTTP and OCAP calls once it is deployed', async () => {
    await publish(app.id, code.folder)
    const deployment = await api.settle(app.id, 'deploy')
    expect(deployment).toMatchObject({ status: 'live', failure: null, release: 1, generation: 1 })
    expect((await fetch(app.url)).status).toBe(200)
    expect(await add()).toBe(3)
    // Larger than what the proxy keeps in memory while it collects a body.
    const body = new Uint8Array(3 * 2 ** 20)
    expect((await fetch(`${app.url}add?a=1&b=2`, { method: 'POST', body })).status).toBe(200)
    expect(await read()).toMatchObject({ status: 'running', release: { number: 1 } })
  })

  it('changes its answer with the code, while a session of before keeps its own', async () => {
    opened = await connect(app.url.replace(/^http/, 'ws'))
    expect(await opened.call('add', 1, 2)).toBe(3)
    await code.changeAdd(100)
    await publish(app.id, code.folder)
    expect(await api.settle(app.id, 'deploy')).toMatchObject({ status: 'live', release: 2, generation: 2 })
    expect(await add()).toBe(103)
    expect(await opened.call('add', 1, 2)).toBe(3)
  })

  it('lets the old generation go when its last session has closed', async () => {
    expect(await leftoversOf(app.id)).toMatchObject({ containers: 2 })
    opened.close()
    await expect.poll(() => leftoversOf(app.id), { timeout: 20_000, interval: 500 }).toMatchObject({ containers: 1 })
  })

  it('keeps serving the old code when the new one does not load, and names the R error', async () => {
    await publish(app.id, exampleFolder('broken'))
    const deployment = await api.settle(app.id, 'deploy')
    expect(deployment).toMatchObject({ status: 'failed', failure: { code: 'code-does-not-load' } })
    expect(deployment.failure?.detail).toContain('the model file model.rds is missing')
    expect(await add()).toBe(103)
    expect(await read()).toMatchObject({ status: 'running', statusDetail: expect.stringContaining('v3 failed') })
  })

  it('answers a plain page when it is stopped, from the first moment, while a session gets its 10 s', async () => {
    const session = await connect(app.url.replace(/^http/, 'ws'))
    const stopping = api.settle(app.id, 'stop')
    const statuses = await statusesUntil(stopping)
    expect(await stopping).toMatchObject({ status: 'stopped' })
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([])
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(20)
    await session.closed
    const page = await fetch(app.url)
    expect(page.status).toBe(503)
    expect(await page.text()).toContain('This app is not running')
    expect(await read()).toMatchObject({ status: 'stopped', desiredState: 'stopped' })
    expect(await leftoversOf(app.id)).toMatchObject({ containers: 0, networks: 0 })
  })

  it('starts again with the last good release, without a build', async () => {
    expect(await api.settle(app.id, 'start')).toMatchObject({ status: 'live', release: 2, build: null })
    expect(await add()).toBe(103)
  })

  it('never stops answering while the manager is killed and started', async () => {
    const restarted = Promise.withResolvers<void>()
    const visits = statusesUntil(restarted.promise)
    await managerContainer.kill()
    await sleep(1_000)
    await managerContainer.start()
    onTestFailed(async () => console.error(await managerContainer.logs({ stdout: true, stderr: true, tail: 20 })))
    await expect
      .poll(() => read().catch(() => undefined), { timeout: 60_000, interval: 250 })
      .toMatchObject({ status: 'running' })
    restarted.resolve()
    expect([...new Set(await visits)]).toEqual([200])
    expect(await add()).toBe(103)
  })

  it('leaves nothing behind when it is deleted', async () => {
    await api.call('DELETE /api/apps/:appId', { params: params() })
    const gone = await read().catch((error: ApiError) => error.problem?.code)
    expect(gone).toBe('app-not-found')
    await expect
      .poll(() => leftoversOf(app.id), { timeout: 30_000, interval: 500 })
      .toEqual({ containers: 0, networks: 0, images: 0 })
    await expect.poll(() => rowsOf(app.id), { timeout: 10_000 }).toBe('0')
    expect(await outputOf('manager', ['ls', '/data/uploads', '/data/sources'])).not.toContain(app.id)
    expect((await fetch(app.url)).status).toBe(404)
  })
})
