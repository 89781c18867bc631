import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildTimes, createBuildClock } from '../../src/loops/build-clock.ts'
import type { BuildPhase } from '../../src/spawner/image-builder.ts'
import { type BuilderBench, failureOf, listed, openBuilderBench, recordEvents } from '../helpers/builder-bench.ts'
import { serveTinyCran, type TinyCran } from '../helpers/tiny-cran.ts'

const never = new AbortController().signal

/** Each misbehaves in one way that packages of real life do. */
const packages = {
  good: { 'R/a.R': 'hello <- function() 1' },
  nocompile: { 'src/x.c': 'int x = ;\n' },
  noheader: { 'src/x.c': '#include <nosuchheader.h>\n' },
  nolibrary: { 'src/x.c': 'int x;\n', 'src/Makevars': 'PKG_LIBS = -lnosuchlibrary\n' },
  hinting: { configure: '#!/bin/sh\necho " * deb: libnosuch-dev (Debian, Ubuntu, etc)"; exit 1\n' },
  undeclared: { 'R/a.R': 'library(nosuchpackage)' },
  unloadable: {
    'R/a.R': '.onLoad <- function(...) if (Sys.getenv("R_PACKAGE_DIR") == "") stop("not on this machine")',
  },
  greedy: { 'R/a.R': 'x <- numeric(2e8); x[] <- 1' },
  sleepy: { configure: '#!/bin/sh\necho configuring; sleep 300\n' },
  chatty: { configure: '#!/bin/sh\nwhile sleep 0.2; do echo still configuring; done\n' },
  linked: {
    'src/x.c': '#include <udunits2.h>\nvoid x(void) { ut_free_system(ut_read_xml(0)); }\n',
    'src/Makevars': 'PKG_CPPFLAGS = -I/usr/include/udunits2\nPKG_LIBS = -ludunits2\n',
    NAMESPACE: 'useDynLib(linked)\n',
  },
  nosy: {
    configure:
      '#!/bin/sh\nid; grep -E "Cap(Eff|Bnd)|NoNewPrivs" /proc/self/status; mount -t tmpfs x /mnt 2>&1; chown 10001 /app 2>&1\nexit 1\n',
  },
}

let cran: TinyCran
let bench: BuilderBench
beforeAll(async () => {
  cran = await serveTinyCran(new Docker(), packages)
  bench = await openBuilderBench(cran)
})
afterAll(async () => {
  await bench[Symbol.asyncDispose]()
  await cran[Symbol.asyncDispose]()
})

async function build(names: string[], options = {}, more = {}) {
  const { events, lines } = recordEvents()
  const code = await bench.code({ 'app.R': 'x <- "hello"\n' })
  const building = bench
    .builder(options)
    .build(bench.input({ ...code, packages: listed(...names), ...more }), events, never)
  return { building, lines }
}

function ourImages() {
  return bench.docker.listImages({ filters: { label: [`rserve-proxy.io/instance=${bench.instance}`] } })
}

describe('a package that cannot be installed', () => {
  it.each([
    ['nocompile', 'package-compile-failed', 'nocompile could not be compiled: the log above says why.'],
    ['noheader', 'system-library-missing', /^A system library is missing: nosuchheader.h, needed by noheader\./],
    ['nolibrary', 'system-library-missing', /^A system library is missing: nosuchlibrary, needed by nolibrary\./],
    ['hinting', 'system-library-missing', 'The system package libnosuch-dev is missing: add it to the app.'],
    ['undeclared', 'package-undeclared', /^The code uses nosuchpackage, which is not installed/],
    ['unloadable', 'code-does-not-load', /package unloadable does not load: .*not on this machine/],
  ])('%s: %s', async (name, code, detail) => {
    const { building } = await build(['good', name])
    const expected = typeof detail === 'string' ? detail : expect.stringMatching(detail)
    expect(await failureOf(building)).toMatchObject({ code, detail: expected })
  })

  it('is ended when it says nothing, or takes too long, and leaves nothing', async () => {
    for (const [name, times, code] of [
      ['sleepy', { silenceMs: 2_000 }, 'silent'],
      ['chatty', { phaseMs: { ...buildTimes.phaseMs, installing: 4_000 } }, 'timed-out'],
    ] as const) {
      const end = new AbortController()
      const clock = createBuildClock(end, 120_000, { ...buildTimes, ...times })
      const { events } = recordEvents()
      const heard = { line: () => clock.heard(), phase: (phase: BuildPhase) => clock.enter(phase) }
      const code_ = await bench.code({ 'app.R': '1' })
      const input = bench.input({ ...code_, packages: listed(name) })
      const building = bench.builder().build(input, { ...events, ...heard }, end.signal)
      await expect(building, name).rejects.toMatchObject({ name: 'BuildTimedOut', code })
      clock.stop()
      expect(await bench.buildContainers()).toEqual([])
    }
  })

  it('names the library that its packages from the cache miss', async () => {
    const { building } = await build(['linked'], {}, { systemPackages: ['libudunits2-dev'] })
    expect((await building).packages).toEqual([{ name: 'linked', version: '1.0' }])
    const { building: without } = await build(['linked'])
    expect(await failureOf(without)).toMatchObject({
      code: 'system-library-missing',
      detail: expect.stringMatching(/libudunits2\.so\.\d, needed by linked/),
      fix: { kind: 'apt', packages: ['libudunits2-dev'] },
    })
    await bench.builder().removeImages(bench.appId, [], { dryRun: false }, never)
  })

  it('has limited memory', async () => {
    const { building, lines } = await build(['greedy'], { limits: { memoryBytes: 300 * 2 ** 20, cpus: 1, pids: 100 } })
    expect(await failureOf(building), lines.join('\n')).toMatchObject({ code: 'out-of-memory' })
  })

  it('is root without rights', async () => {
    const { building, lines } = await build(['nosy'])
    await failureOf(building)
    const said = lines.join('\n')
    expect(said).toMatch(/uid=0\(root\)/)
    expect(said).toMatch(/CapEff:\s+0+$/m)
    expect(said).toMatch(/CapBnd:\s+0+$/m)
    expect(said).toMatch(/NoNewPrivs:\s+1/)
    expect(said).toMatch(/mount: .*(denied|not permitted)/i)
  })

  it('leaves no container or image, nor that of its system packages', async () => {
    const { building } = await build(['nocompile'], {}, { systemPackages: ['file'] })
    await failureOf(building)
    expect(await bench.buildContainers()).toEqual([])
    expect(await ourImages()).toEqual([])
  })
})

describe('system packages', () => {
  it('are installed below the R packages, and shared', async () => {
    const { building } = await build(['good'], {}, { systemPackages: ['file'] })
    const built = await building
    expect(built.packages).toEqual([{ name: 'good', version: '1.0' }])
    expect(await bench.runIn(built.imageId, ['file', '/app/app.R'])).toContain('ASCII text')
    const { building: again } = await build(['good'], {}, { systemPackages: ['file', 'file'] })
    expect((await again).depsKey).toBe(built.depsKey)
  })

  it('are enough alone', async () => {
    const { building } = await build([], {}, { systemPackages: ['file'] })
    expect(await building).toMatchObject({ packages: [], depsKey: expect.stringMatching(/^[0-9a-f]{64}$/) })
  })

  it('must exist', async () => {
    const { building } = await build([], {}, { systemPackages: ['nosuch-package'] })
    expect(await failureOf(building)).toEqual({
      code: 'package-not-found',
      detail: 'There is no system package nosuch-package.',
    })
  })

  it('are names, never options or files', async () => {
    for (const odd of ['-o=APT::Update::Pre-Invoke::=id', './x.deb', 'bash=1', '--yes']) {
      const { building } = await build([], {}, { systemPackages: ['file', odd] })
      expect(await failureOf(building)).toMatchObject({ code: 'package-not-found' })
    }
  })

  it('go with the last app that needs them', async () => {
    await bench.builder().removeImages(bench.appId, [], { dryRun: false }, never)
    expect(await ourImages()).toEqual([])
  })
})
