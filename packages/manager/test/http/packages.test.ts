import type { App } from '@rserve-proxy/contract/apps.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import { codeFolder } from '../helpers/code-folder.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { emptyTables, openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

// Which packages a build takes: from the code or the settings, in the versions that were locked.

let database: Database
let manager: TestManager
let api: SignedIn
let app: App

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

beforeEach(async () => {
  await emptyTables(database)
  manager = await startTestManager(database)
  api = await manager.signIn('alice')
  app = await api.call('POST /api/apps', { body: { name: 'Demo', slug: 'demo', codeSource: { type: 'upload' } } })
})
afterEach(() => manager[Symbol.asyncDispose]())

const params = () => ({ appId: app.id })
const read = (number: number) => api.call('GET /api/apps/:appId/releases/:number', { params: { ...params(), number } })
const change = (body: object) => api.call('PUT /api/apps/:appId', { params: params(), body })
const rebuild = (updatePackages?: boolean) =>
  api.call('POST /api/apps/:appId/rebuild', {
    ...{ params: params(), querystring: { wait: 60 } },
    ...(updatePackages !== undefined && { body: { updatePackages } }),
  })

async function deploy(text: string, more: Record<string, string> = {}) {
  await using code = await codeFolder(text, more)
  const found = await api.upload(app.id, code.folder)
  return { found, deployment: await api.settle(app.id, 'deploy') }
}

async function buildLog() {
  const response = await api.send(`/api/apps/${app.id}/logs?stream=build`)
  return response.text()
}

const lockOf = (packages: Record<string, string>, rVersion = '4.4.1') => ({
  'renv.lock': JSON.stringify({
    R: { Version: rVersion },
    Packages: Object.fromEntries(
      Object.entries(packages).map(([name, version]) => [name, { Version: version, Source: 'Repository' }]),
    ),
  }),
})

describe('packages', () => {
  it('are those that the code names and those of the settings', async () => {
    await change({ packages: ['digest'] })
    const { found } = await deploy('library(mime)\nR6::R6Class()\nlibrary(stats)')
    expect(found).toMatchObject({ packagesFound: ['R6', 'mime'], packagesFrom: 'code' })
    expect(await read(1)).toMatchObject({
      packagesFrom: 'code',
      packages: [{ name: 'digest' }, { name: 'R6' }, { name: 'mime' }],
    })
    expect(await buildLog()).toContain('Packages that the code names: R6, mime\n')
    expect(await buildLog()).toContain("Packages of the app's settings: digest\n")
  })

  it('are those of a lock file, exactly', async () => {
    const { deployment } = await deploy('library(cli)', lockOf({ mime: '0.12', R6: '2.5.1' }))
    expect(deployment).toMatchObject({ status: 'live' })
    expect(await read(1)).toMatchObject({
      packagesFrom: 'renv.lock',
      packages: [
        { name: 'R6', version: '2.5.1' },
        { name: 'mime', version: '0.12' },
      ],
    })
    expect(await buildLog()).toContain('Packages: 2 in renv.lock, as they are\n')
  })

  it('stay at their versions until somebody asks for newer ones', async () => {
    await deploy('library(mime)')
    manager.builder.publish('2.0.0')
    await deploy('library(mime)\nlibrary(R6)')
    const both = [
      { name: 'R6', version: '2.0.0' },
      { name: 'mime', version: '1.0.0' },
    ]
    expect((await read(2)).packages).toEqual(both)
    await rebuild()
    expect((await read(3)).packages).toEqual(both)
    await rebuild(true)
    expect((await read(4)).packages).toEqual(both.map((one) => ({ ...one, version: '2.0.0' })))
    const diff = await api.call('GET /api/apps/:appId/releases/:number/diff/:other', {
      params: { ...params(), number: 3, other: 4 },
    })
    expect(diff.packages).toEqual([{ name: 'mime', from: '1.0.0', to: '2.0.0' }])
  })

  it.each([
    [
      'a folder',
      { 'renv.lock': '{"Packages":{"mine":{"Version":"1.0","Source":"Local"}}}' },
      'package-source-refused',
      /^renv.lock takes mine from/,
    ],
    [
      'a framework of its own',
      { 'ui.R': 'shinyUI(1)', 'server.R': 'shinyServer(1)' },
      'unsupported-framework',
      /^This is a Shiny app/,
    ],
    ['no Debian package', { 'apt.txt': 'file\n--yes\n' }, 'package-not-found', /^apt.txt, line 2: “--yes”/],
    [
      'an R that is not offered',
      lockOf({ mime: '0.12' }, '3.6.3'),
      'r-version-not-offered',
      /R 3\.6\.3.*Offered: 4\.5\.0, 4\.4\.1\./,
    ],
  ])('from %s fail the build', async (_, files, code, detail) => {
    const { deployment } = await deploy('1', files)
    expect(deployment).toMatchObject({ status: 'failed', failure: { code, detail: expect.stringMatching(detail) } })
  })
})

describe('the R version', () => {
  it('is that of the lock file, for an app that takes the latest', async () => {
    await deploy('1', lockOf({ mime: '0.12' }))
    expect(await read(1)).toMatchObject({ rVersion: '4.4.1' })
    expect(await buildLog()).toContain('R 4.4.1\n')
  })

  it('is that of the app when it names one', async () => {
    await change({ rVersion: '4.5' })
    await deploy('1', lockOf({ mime: '0.12' }))
    expect(await read(1)).toMatchObject({ rVersion: '4.5.0' })
  })
})

describe('renv.lock', () => {
  const download = (number: number) => api.send(`/api/apps/${app.id}/releases/${number}/renv.lock`)

  it('can be downloaded, of every release', async () => {
    await deploy('1')
    await deploy('library(mime)', lockOf({ R6: '2.5.1' }))
    const none = await download(1)
    expect(await none.json()).toEqual({ R: { Version: '4.5.0', Repositories: [] }, Packages: {} })
    const response = await download(2)
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="renv.lock"')
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await response.json()).toEqual({
      R: { Version: '4.4.1', Repositories: [{ Name: 'CRAN', URL: 'https://cran.test' }] },
      Packages: { R6: { Package: 'R6', Version: '2.5.1', Source: 'Repository', Repository: 'CRAN' } },
    })
    expect((await download(9)).status).toBe(404)
  })
})

describe('functions', () => {
  const code = 'add <- function(a, b) a + b\noc.init <- function() ocap(function() list(add = Rserve::ocap(add)))'
  const list = () => api.call('GET /api/apps/:appId/functions', { params: params() })
  const add = {
    name: 'add',
    arguments: [
      { name: 'a', required: true },
      { name: 'b', required: true },
    ],
  }

  it('are those of the live release, also when its image was built before', async () => {
    expect(await list()).toEqual({ release: null, functions: null })
    await deploy(code)
    expect(await list()).toEqual({ release: 1, functions: [add] })
    await deploy('oc.init <- function() NULL')
    expect(await list()).toEqual({ release: 2, functions: [] })
    await deploy(code)
    expect(await list()).toEqual({ release: 3, functions: [add] })
  })

  it('stay with a release that only has other limits, as its lock does', async () => {
    await deploy(`library(mime)\n${code}`)
    await change({ resources: { memoryBytes: 2 ** 29 } })
    await api.settle(app.id, 'apply')
    expect(await list()).toEqual({ release: 2, functions: [add] })
    const lock = await api.send(`/api/apps/${app.id}/releases/2/renv.lock`)
    expect(JSON.parse(await lock.text())).toMatchObject({ Packages: { mime: { Version: '1.0.0' } } })
  })

  it('are none of an HTTP app', async () => {
    await change({ mode: 'http' })
    await deploy(code)
    expect(await list()).toEqual({ release: 1, functions: null })
  })
})

describe('an archive that is only looked at', () => {
  const inspect = (content: string) => {
    const body = new FormData()
    body.append('bundle', new Blob([content]), 'code.tar')
    return api.send('/api/uploads/inspect', { method: 'POST', body })
  }

  it('tells what its code needs, and is forgotten', async () => {
    await using code = await codeFolder('library(mime)\noc.init <- function() NULL', lockOf({ mime: '0.12' }))
    const found = await api.inspect(code.folder)
    expect(found).toMatchObject({ entryScriptFound: 'app.R', packagesFound: ['mime'], packagesFrom: 'renv.lock' })
    expect(found).toMatchObject({ rVersionFound: '4.4.1', modeFound: 'ocap', unsupportedFound: null })
    expect(await api.call('GET /api/apps/:appId', { params: params() })).toMatchObject({ hasCode: false })
  })

  it('must be an archive', async () => {
    const response = await inspect('no archive at all')
    expect([response.status, await response.json()]).toMatchObject([415, { code: 'unsupported-media-type' }])
  })
})
