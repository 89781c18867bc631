import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import Docker from 'dockerode'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readRenvLock } from '../../src/domain/locked-packages.ts'
import type { BuildInput } from '../../src/spawner/image-builder.ts'
import { renvLock } from '../../src/spawner/package-lock.ts'
import { type BuilderBench, failureOf, listed, openBuilderBench, recordEvents } from '../helpers/builder-bench.ts'
import { cranOfTestRun } from '../helpers/test-cran.ts'

const docker = new Docker()
const never = new AbortController().signal

let bench: BuilderBench
beforeAll(async () => {
  bench = await openBuilderBench(cranOfTestRun())
})
afterAll(async () => {
  await bench[Symbol.asyncDispose]()
})

let said = recordEvents()
beforeEach(() => {
  said = recordEvents()
})

const code = (files: Record<string, string>) => bench.code(files)
const build = (of: Pick<BuildInput, 'codeDir' | 'revisionHash'> & Partial<BuildInput>, options = {}) =>
  bench.builder(options).build(bench.input(of), said.events, never)

it('offers the R versions that bases exist for', async () => {
  expect(await bench.builder().runtimes(never)).toContain('4.5.0')
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
    expect(said.phases).toEqual(['assembling', 'verifying'])
    expect(said.lines.join('\n')).not.toMatch(/ran/)
    const { Config, Id } = await docker.getImage(built.tag).inspect()
    expect(Id).toBe(built.imageId)
    expect(Config).toMatchObject({ User: '10001:10001', Entrypoint: ['/rserve/entrypoint.sh'] })
    expect(Config.Labels).toMatchObject({
      'rserve-proxy.io/managed': 'true',
      'rserve-proxy.io/instance': bench.instance,
      'rserve-proxy.io/app-id': bench.appId,
      'rserve-proxy.io/revision': hostile.revisionHash,
    })
    expect(await bench.runIn(built.imageId, ['ls', '-A', '/app'])).toContain('.dockerignore')
    expect(await bench.runIn(built.imageId, ['stat', '-c', '%U %a', '/app/app.R', '/app/data'])).toBe(
      'root 644\nroot 755',
    )
  })

  it('is built once', async () => {
    const same = await code({ 'app.R': 'x <- 1' })
    const first = await build(same)
    said = recordEvents()
    expect(await build(same)).toEqual({ ...first, reused: true })
    expect(said.phases).toEqual([])
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

describe('functions', () => {
  it('are listed with their arguments, from a fresh process without network', async () => {
    const text = `add <- function(a, b = 2) a + b
oc.init <- function() Rserve::ocap(function() list(add = Rserve::ocap(add), text = list(up = Rserve::ocap(toupper))))
Rserve::run.Rserve(port = 1)
stop("not reached")
`
    const { functions } = await build(await code({ 'app.R': text }))
    expect(functions).toEqual([
      {
        name: 'add',
        arguments: [
          { name: 'a', required: true },
          { name: 'b', required: false, default: '2', type: 'number' },
        ],
      },
      { name: 'text.up', arguments: [{ name: 'x', required: true }] },
    ])
  })

  it('that cannot be listed fail no build', async () => {
    const { functions } = await build(await code({ 'app.R': 'readRDS("model.rds")' }))
    expect(functions).toBeUndefined()
    expect(said.lines.find((line) => line.startsWith('the functions of the app'))).toMatch(/Error in gzfile/)
    expect((await build(await code({ 'app.R': 'quit("no", 3L)' }))).functions).toBeUndefined()
    expect((await build({ ...(await code({ 'app.R': '2' })), serves: 'http' })).functions).toBeUndefined()
  })
})

describe('a build that is cancelled', () => {
  it.each(['resolving', 'installing', 'assembling', 'verifying'])('while %s leaves nothing', async (phase) => {
    const cancelling = new AbortController()
    const events = {
      ...said.events,
      phase: (entered: string) => {
        // Not at once: the step has begun by then.
        if (entered === phase) setTimeout(() => cancelling.abort(new Error('cancelled')), 150)
      },
    }
    const asked = { packages: listed('glue'), systemPackages: phase === 'installing' ? ['less'] : [] }
    const input = bench.input({ ...(await code({ 'app.R': `Sys.sleep(3) # ${phase}` })), ...asked })
    await expect(bench.builder().build(input, events, cancelling.signal)).rejects.toThrow('cancelled')
    expect(await bench.buildContainers()).toEqual([])
    const label = [`rserve-proxy.io/build-id=${input.buildId}`]
    const left = await docker.listImages({ filters: { label } })
    // Packages that were installed by then stay for the next try.
    expect(left.filter(({ Labels }) => Labels['rserve-proxy.io/role'] !== 'deps')).toEqual([])
    expect(left.filter(({ RepoTags }) => !RepoTags?.length)).toEqual([])
  })
})

describe('packages', () => {
  it('are installed once and shared by the next code', async () => {
    const first = await build({
      ...(await code({ 'app.R': 'library(R6)' })),
      packages: listed('R6', 'any::mime', 'stats'),
    })
    expect(first.packages.map(({ name }) => name)).toEqual(['R6', 'mime'])
    expect(first.depsKey).toMatch(/^[0-9a-f]{64}$/)
    expect(said.phases).toEqual(['resolving', 'installing', 'assembling', 'verifying'])
    expect(await bench.runIn(first.imageId, ['Rscript', '-e', 'library(R6); library(mime); cat(getwd())'])).toContain(
      '/',
    )

    said = recordEvents()
    const started = Date.now()
    const second = await build({
      ...(await code({ 'app.R': 'library(mime)' })),
      packages: listed('stats', 'R6', 'any::mime'),
      held: first.lock,
    })
    expect(Date.now() - started).toBeLessThan(15_000)
    expect(said.phases).toEqual(['assembling', 'verifying'])
    expect(second).toMatchObject({ depsKey: first.depsKey, lock: first.lock, reused: false })
    expect(second.tag).not.toBe(first.tag)
  })

  it('are shared with an app of somebody else that needs the same', async () => {
    const asked = { packages: listed('mime', 'R6'), ownerId: 'somebody-else', slug: 'other' }
    await build({ ...(await code({ 'app.R': 'library(R6)' })), ...asked })
    expect(said.phases).toEqual(['resolving', 'assembling', 'verifying'])
    expect(said.lines).toContain('These packages are installed already: nothing to do')
  })

  it('come from the cache when only one is new', async () => {
    const asked = { packages: listed('mime', 'R6', 'digest') }
    const built = await build({ ...(await code({ 'app.R': 'library(R6)' })), ...asked })
    expect(built.packages.map(({ name }) => name)).toEqual(['R6', 'digest', 'mime'])
    const installs = said.lines.filter((line) => line.startsWith('- Installing'))
    expect(
      installs.map((line) =>
        line
          .replace(/\s+/g, ' ')
          .replace(/ in [\d.]+s/, '')
          .trim(),
      ),
    ).toEqual([
      '- Installing R6 ... OK [copied from cache]',
      '- Installing digest ...',
      '- Installing mime ... OK [copied from cache]',
    ])
  })

  it('are those of the code that the repository has', async () => {
    const packages = { locked: [], references: [], mentioned: ['mime', 'nosuchpackage'] }
    const built = await build({ ...(await code({ 'app.R': 'library(mime)' })), packages })
    expect(built.packages.map(({ name }) => name)).toEqual(['mime'])
    expect(said.lines).toContain('not in the repository, so left out though the code names it: nosuchpackage')
  })

  it('are exactly those of a lock', async () => {
    const lock = {
      R: {},
      Packages: { mime: { Version: '0.12', Source: 'CRAN' }, R6: { Version: '2.6.1', Source: 'RSPM' } },
    }
    const locked = readRenvLock(JSON.stringify(lock))?.packages ?? []
    const asked = { packages: { locked, references: ['digest'], mentioned: [] } }
    const built = await build({ ...(await code({ 'app.R': '1' })), ...asked })
    expect(built.packages).toMatchObject([
      { name: 'R6', version: '2.6.1' },
      { name: 'digest' },
      { name: 'mime', version: '0.12' },
    ])
    // What went out as the lock of a release comes in as the same.
    const lockText = renvLock(built.lock ?? { repository: '', packages: [] }, '4.5.0')
    const again = { locked: readRenvLock(lockText)?.packages ?? [], references: [], mentioned: [] }
    said = recordEvents()
    const same = await build({ ...(await code({ 'app.R': '2' })), packages: again })
    expect(same.depsKey).toBe(built.depsKey)
    expect(said.phases).toEqual(['resolving', 'assembling', 'verifying'])
    const older = { ...asked.packages, locked: locked.map((one) => ({ ...one, version: '0.0.1' })) }
    expect(await failureOf(build({ ...(await code({ 'app.R': '1' })), packages: older }))).toMatchObject({
      code: 'package-download-failed',
    })
  })

  it('leave nothing of the build in the image', async () => {
    const { depsKey } = await build({ ...(await code({ 'app.R': '1' })), packages: listed('R6', 'any::mime', 'stats') })
    const { Config } = await docker.getImage(`rsp-deps:${depsKey}`).inspect()
    const base = await docker.getImage('rserve-base:4.5.0').inspect()
    expect([Config.Env, Config.User, Config.Entrypoint, Config.Volumes]).toEqual([
      base.Config.Env,
      base.Config.User,
      base.Config.Entrypoint,
      base.Config.Volumes,
    ])
    expect(Config.Labels).toMatchObject({ 'rserve-proxy.io/role': 'deps' })
    expect(await bench.runIn(`rsp-deps:${depsKey}`, ['ls', '/rserve'])).not.toMatch(/^(in|out)$/m)
    expect(await bench.buildContainers()).toEqual([])
  })

  it.each([[['nosuchpackage'], 'package-not-found', 'The repository has no nosuchpackage.']])(
    '%j fails honestly',
    async (packages, code_, detail) => {
      expect(await failureOf(build({ ...(await code({ 'app.R': '1' })), packages: listed(...packages) }))).toEqual({
        code: code_,
        detail,
      })
    },
  )

  it.for([
    ['r-lib/cli@main', 'r-lib/cli@main needs pak'],
    ['mime@0.1', 'mime has version'],
  ])('%s says that it needs pak, where the base has none', async ([reference = '', detail = ''], { skip }) => {
    const hasPak = ['Rscript', '-e', 'cat(requireNamespace("pak", quietly = TRUE))']
    skip((await bench.runIn('rserve-base:4.5.0', hasPak)) === 'TRUE', 'the base has pak')
    const failing = build({ ...(await code({ 'app.R': '1' })), packages: listed(reference) })
    expect(await failureOf(failing)).toEqual({
      code: 'package-not-found',
      detail: expect.stringContaining(detail),
    })
  })

  it('need a repository', async () => {
    const unreachable = build(
      { ...(await code({ 'app.R': '1' })), packages: listed('R6') },
      { repository: 'http://cran.test:9' },
    )
    expect(await failureOf(unreachable)).toMatchObject({ code: 'repository-unreachable' })
  })

  it('end with the build when it is cancelled', async () => {
    const cancelling = new AbortController()
    const { events } = said
    const cancelled = {
      ...events,
      line: (text: string) => text.includes('* installing *') && cancelling.abort(new Error('cancelled')),
    }
    const slow = bench.input({ ...(await code({ 'app.R': '1' })), packages: listed('cli') })
    await expect(bench.builder().build(slow, cancelled, cancelling.signal)).rejects.toThrow('cancelled')
    expect(await bench.buildContainers()).toEqual([])
    const deps = await docker.listImages({ filters: { label: [`rserve-proxy.io/build-id=${slow.buildId}`] } })
    expect(deps).toEqual([])
  })
})

it('trims the caches of packages', async () => {
  const trim = (maxBytes: number) =>
    bench.builder({ caches: { maxBytes, maxAgeMs: 2 ** 40 } }).trimCaches({ dryRun: false }, never)
  expect(await trim(2 ** 40)).toEqual([])
  const trimmed = await trim(0)
  expect(trimmed.length).toBeGreaterThan(0)
  expect(trimmed[0]).toMatchObject({
    kind: 'volume',
    name: expect.stringMatching(/^rsp-\w{8}-cache-owner-repository-4\.5-/),
  })
  expect(trimmed[0]?.sizeBytes).toBeGreaterThan(10_000)
  expect(await trim(0)).toEqual([])
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
      'rserve-proxy.io/instance': bench.instance,
      'rserve-proxy.io/role': 'builder',
      'rserve-proxy.io/build-id': 'killed',
    },
  })
  try {
    await bench.builder().removeImages(bench.appId, [], { dryRun: false }, never)
    await bench.builder().removeImages(bench.appId, [], { dryRun: false }, never)
    // Packages of cancelled builds, which no app was built on.
    await bench.builder().removeUnused({ dryRun: false }, never)
    const ours = await docker.listImages({ filters: { label: [`rserve-proxy.io/instance=${bench.instance}`] } })
    expect(ours).toEqual([])
    await expect(left.inspect()).rejects.toMatchObject({ statusCode: 404 })
    expect((await foreign.inspect()).Id).toBe(foreign.id)
  } finally {
    await foreign.remove({ force: true })
  }
})
