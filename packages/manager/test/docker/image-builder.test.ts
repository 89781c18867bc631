import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { failureFromLog } from '../../src/domain/failure-from-log.ts'
import { hashTree } from '../../src/sources/revision.ts'
import { createDockerImageBuilder } from '../../src/spawner/docker/image/docker-image-builder.ts'
import type { BuildInput } from '../../src/spawner/image-builder.ts'
import { type MiniCran, openMiniCran } from '../helpers/mini-cran.ts'

const docker = new Docker()
const instance = randomUUID()
const appId = randomUUID()
const never = new AbortController().signal
const log = { error: console.error, warn: console.warn, info: () => undefined, debug: () => undefined }
const cranFolder = process.env.MINI_CRAN ?? '/tmp/mini-cran'

let cran: MiniCran
let home = ''
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rsp-builder-'))
  cran = await openMiniCran(docker, cranFolder)
})
afterAll(async () => {
  await cran[Symbol.asyncDispose]()
  await rm(home, { recursive: true, force: true })
  const label = [`rserve-proxy.io/instance=${instance}`]
  for (const { Id } of await docker.listContainers({ all: true, filters: { label } }))
    await docker.getContainer(Id).remove({ force: true })
  for (const { Id } of await docker.listImages({ filters: { label } }))
    await docker.getImage(Id).remove({ force: true })
})

const builder = (options = {}) =>
  createDockerImageBuilder({
    docker,
    instance,
    network: 'bridge',
    repository: cran.repository,
    extraHosts: cran.extraHosts,
    limits: { memoryBytes: 2 ** 30, cpus: 2, pids: 512 },
    log,
    ...options,
  })

let lines: string[] = []
let phases: string[] = []
const events = { line: (text: string) => lines.push(text), phase: (phase: string) => phases.push(phase) }
beforeEach(() => {
  lines = []
  phases = []
})

let folders = 0
async function code(files: Record<string, string>): Promise<{ codeDir: string; revisionHash: string }> {
  folders += 1
  const codeDir = join(home, `code-${folders}`)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(codeDir, path, '..'), { recursive: true })
    await writeFile(join(codeDir, path), text)
  }
  return { codeDir, revisionHash: (await hashTree(codeDir, never)).hash }
}

const input = (of: Partial<BuildInput> & Pick<BuildInput, 'codeDir' | 'revisionHash'>): BuildInput => ({
  buildId: randomUUID(),
  appId,
  slug: 'builder-test',
  entryScript: 'app.R',
  rVersion: '4.5.0',
  packages: [],
  systemPackages: [],
  ownerId: 'owner',
  mode: 'reuse',
  ...of,
})

async function build(of: Parameters<typeof input>[0], options = {}, signal = never) {
  try {
    return await builder(options).build(input(of), events, signal)
  } catch (error) {
    if (!(error instanceof Error && error.name === 'BuildFailed')) console.error(error, lines.slice(-20))
    throw error
  }
}

async function failureOf(building: Promise<unknown>) {
  const error: unknown = await building.then(
    () => 'nothing failed',
    (failed: unknown) => failed,
  )
  if (!(error instanceof Error && 'lastLines' in error && Array.isArray(error.lastLines))) throw error
  return failureFromLog({ lines: error.lastLines.map(String) })
}

async function runIn(imageId: string, command: string[]): Promise<string> {
  const container = await docker.createContainer({
    Image: imageId,
    Entrypoint: command,
    // One plain stream instead of two in frames.
    Tty: true,
    Labels: { 'rserve-proxy.io/instance': instance },
  })
  try {
    await container.start()
    await container.wait()
    const output = await container.logs({ stdout: true, stderr: true })
    return output.toString('utf8').replaceAll('\r', '').trim()
  } finally {
    await container.remove({ force: true })
  }
}

const builders = () =>
  docker.listContainers({
    all: true,
    filters: { label: [`rserve-proxy.io/instance=${instance}`, 'rserve-proxy.io/role=builder'] },
  })

it('offers the R versions that bases exist for', async () => {
  expect(await builder().runtimes(never)).toContain('4.5.0')
  await expect(build({ ...(await code({ 'app.R': '1' })), rVersion: '3.0.0' })).rejects.toMatchObject({
    code: 'image-missing',
  })
})

describe('code without packages', () => {
  it('becomes one layer on the base, whatever it holds', async () => {
    const hostile = await code({
      'app.R': 'cat("not run\\n")',
      Dockerfile: 'FROM scratch\nRUN exit 1',
      '.dockerignore': '*',
      '.Rprofile': 'stop("profile ran")',
      '.Renviron': 'R_LIBS=/nowhere',
      'data/größe $(id).csv': '1',
      'renv/activate.R': 'stop("ran")',
    })
    const built = await build(hostile)
    expect(built).toMatchObject({ depsKey: undefined, packages: [], reused: false })
    expect(built.tag).toMatch(/^rserve-app-builder-test:[0-9a-f]{12}$/)
    expect(phases).toEqual(['assembling', 'verifying'])
    expect(lines.join('\n')).not.toMatch(/ran/)
    const { Config, Id } = await docker.getImage(built.tag).inspect()
    expect(Id).toBe(built.imageId)
    expect(Config).toMatchObject({ User: '10001:10001', Entrypoint: ['/rserve/entrypoint.sh'] })
    expect(Config.Labels).toMatchObject({
      'rserve-proxy.io/managed': 'true',
      'rserve-proxy.io/instance': instance,
      'rserve-proxy.io/app-id': appId,
      'rserve-proxy.io/revision': hostile.revisionHash,
    })
    expect(await runIn(built.imageId, ['ls', '-A', '/app'])).toContain('.dockerignore')
    expect(await runIn(built.imageId, ['stat', '-c', '%U %a', '/app/app.R', '/app/data'])).toBe('root 644\nroot 755')
  })

  it('is built once', async () => {
    const same = await code({ 'app.R': 'x <- 1' })
    const first = await build(same)
    phases = []
    expect(await build(same)).toEqual({ ...first, reused: true })
    expect(phases).toEqual([])
    const anew = await build({ ...same, mode: 'anew' })
    expect(anew).toMatchObject({ tag: first.tag, reused: false })
  })

  it('must have an entry script that is a file and is R', async () => {
    const missing = await code({ 'other.R': '1' })
    expect(await failureOf(build(missing))).toMatchObject({ code: 'entry-not-regular' })
    await symlink('/etc/passwd', join(missing.codeDir, 'app.R'))
    expect(await failureOf(build(missing))).toMatchObject({ code: 'entry-not-regular' })
    const broken = await code({ 'app.R': 'x <- 1\nf <- function( {\n' })
    expect(await failureOf(build(broken))).toEqual({
      code: 'code-does-not-load',
      detail: "Error: /app/app.R:2:16: unexpected '{'",
    })
    const label = [`rserve-proxy.io/revision=${broken.revisionHash}`]
    expect(await docker.listImages({ filters: { label } })).toEqual([])
  })
})

describe('packages', () => {
  it('are installed once and shared by the next code', async () => {
    const first = await build({ ...(await code({ 'app.R': 'library(R6)' })), packages: ['R6', 'any::mime', 'stats'] })
    expect(first.packages.map(({ name }) => name)).toEqual(['mime', 'R6'])
    expect(first.depsKey).toMatch(/^[0-9a-f]{64}$/)
    expect(phases).toEqual(['resolving', 'installing', 'assembling', 'verifying'])
    expect(await runIn(first.imageId, ['Rscript', '-e', 'library(R6); library(mime); cat(getwd())'])).toContain('/')

    phases = []
    const started = Date.now()
    const second = await build({
      ...(await code({ 'app.R': 'library(mime)' })),
      packages: ['stats', 'any::mime', 'R6'],
    })
    expect(Date.now() - started).toBeLessThan(15_000)
    expect(phases).toEqual(['assembling', 'verifying'])
    expect(second).toMatchObject({ depsKey: first.depsKey, packages: first.packages, reused: false })
    expect(second.tag).not.toBe(first.tag)
  })

  it('leave nothing of the build in the image', async () => {
    const { depsKey } = await build({ ...(await code({ 'app.R': '1' })), packages: ['R6', 'any::mime', 'stats'] })
    const { Config } = await docker.getImage(`rsp-deps:${depsKey}`).inspect()
    const base = await docker.getImage('rserve-base:4.5.0').inspect()
    expect([Config.Env, Config.User, Config.Entrypoint, Config.Volumes]).toEqual([
      base.Config.Env,
      base.Config.User,
      base.Config.Entrypoint,
      base.Config.Volumes,
    ])
    expect(Config.Labels).toMatchObject({ 'rserve-proxy.io/role': 'deps' })
    expect(await runIn(`rsp-deps:${depsKey}`, ['ls', '/rserve'])).not.toMatch(/^(in|out)$/m)
    expect(await builders()).toEqual([])
  })

  it.each([
    [['nosuchpackage'], 'package-not-found', 'The repository has no nosuchpackage.'],
    [['r-lib/cli@main'], 'package-not-found', expect.stringContaining('r-lib/cli@main needs pak')],
    [['mime@0.1'], 'package-not-found', expect.stringContaining('mime has version')],
  ])('%j fails honestly', async (packages, code_, detail) => {
    expect(await failureOf(build({ ...(await code({ 'app.R': '1' })), packages }))).toEqual({ code: code_, detail })
  })

  it('need a repository', async () => {
    const unreachable = build(
      { ...(await code({ 'app.R': '1' })), packages: ['R6'] },
      { repository: 'http://cran.test:9' },
    )
    expect(await failureOf(unreachable)).toMatchObject({ code: 'repository-unreachable' })
  })

  it('end with the build when it is cancelled', async () => {
    const cancelling = new AbortController()
    const cancelled = {
      line: events.line,
      phase: (phase: string) =>
        phase === 'installing' && setTimeout(() => cancelling.abort(new Error('cancelled')), 3_000),
    }
    const slow = input({ ...(await code({ 'app.R': '1' })), packages: ['cli'] })
    await expect(builder().build(slow, cancelled, cancelling.signal)).rejects.toThrow('cancelled')
    expect(await builders()).toEqual([])
    const deps = await docker.listImages({ filters: { label: [`rserve-proxy.io/build-id=${slow.buildId}`] } })
    expect(deps).toEqual([])
  })
})

it('removes what an app has, its packages with the last image, and what killed builds left', async () => {
  const foreign = await docker.createContainer({
    Image: 'rserve-base:4.5.0',
    Labels: { 'rserve-proxy.test': 'foreign' },
  })
  const left = await docker.createContainer({
    Image: 'rserve-base:4.5.0',
    Labels: {
      'rserve-proxy.io/managed': 'true',
      'rserve-proxy.io/instance': instance,
      'rserve-proxy.io/role': 'builder',
      'rserve-proxy.io/build-id': 'killed',
    },
  })
  try {
    await builder().removeImages(appId, [], never)
    await builder().removeImages(appId, [], never)
    const ours = await docker.listImages({ filters: { label: [`rserve-proxy.io/instance=${instance}`] } })
    expect(ours).toEqual([])
    await expect(left.inspect()).rejects.toMatchObject({ statusCode: 404 })
    expect((await foreign.inspect()).Id).toBe(foreign.id)
  } finally {
    await foreign.remove({ force: true })
  }
})
