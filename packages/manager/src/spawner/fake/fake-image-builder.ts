import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AppFunction, BuildEvents, BuildInput, BuiltImage, ImageBuilder } from '../image-builder.ts'
import { BuildFailed } from '../image-builder.ts'
import type { PackageLock } from '../package-lock.ts'
import type { FakeEngine } from './fake-engine.ts'
import { fakeImageId } from './fake-images.ts'

interface FakeImageBuilderOptions {
  engine: FakeEngine
  runtimes?: string[]
}

interface FakeControls {
  setFault(appId: string, fault: BuildFault | undefined): void
  publish(version: string): void
}

type BuildFault = { kind: 'fail'; message: string; lastLines: string[]; exitCode?: number } | { kind: 'hang' }

/** Builds in no time: the image is its content hash, and remembers the entry script for the fake engine. */
export function createFakeImageBuilder({ engine, runtimes = ['4.5.0', '4.4.1'] }: FakeImageBuilderOptions) {
  const faults = new Map<string, BuildFault>()
  /** What its repository has of every package. */
  let newestVersion = '1.0.0'

  async function build(input: BuildInput, events: BuildEvents, signal: AbortSignal): Promise<BuiltImage> {
    signal.throwIfAborted()
    events.phase('resolving')
    await suffer(faults.get(input.appId), events, signal)
    const image = imageOf(input, lockOf(input, newestVersion))
    const known = engine.images.get(image.imageId)
    if (known && input.mode === 'reuse') return { ...known, reused: true }
    return assemble(input, image, events, signal)
  }

  async function assemble(input: BuildInput, image: BuiltImage, events: BuildEvents, signal: AbortSignal) {
    const entryText = await readFile(join(input.codeDir, input.entryScript), { encoding: 'utf8', signal })
    if (image.packages.length > 0) events.phase('installing')
    for (const { name, version } of image.packages) events.line(`* installing ${name} ${version}`)
    events.phase('assembling')
    events.line(`assembling ${image.tag}`)
    events.phase('verifying')
    const functions = input.serves === 'ocap' ? functionsOf(entryText) : undefined
    engine.images.add({ appId: input.appId, entryText, built: { ...image, functions } })
    return { ...image, functions }
  }

  return {
    runtimes: async (signal) => {
      signal.throwIfAborted()
      return [...runtimes]
    },
    build,
    removeImages: async (appId, keep, how, signal) => {
      signal.throwIfAborted()
      const ids = engine.images.remove(appId, keep, how)
      return ids.map((id) => ({ kind: 'image', id, name: id.slice(0, 19), reason: 'no kept release needs it' }))
    },
    removeUnused: async () => [],
    trimCaches: async () => [],
    appIds: async () => engine.images.appIds(),
    imageSizes: async () => new Map(engine.images.ids().map((id) => [id, 2 ** 20])),
    /** Builds of this app fail or hang from now on; undefined ends it. */
    setFault(appId: string, fault: BuildFault | undefined) {
      if (fault) faults.set(appId, fault)
      else faults.delete(appId)
    },
    /** The repository has this version of every package from now on. */
    publish(version: string) {
      newestVersion = version
    },
  } satisfies ImageBuilder & FakeControls
}
export type FakeImageBuilder = ReturnType<typeof createFakeImageBuilder>

async function suffer(fault: BuildFault | undefined, events: BuildEvents, signal: AbortSignal) {
  if (fault?.kind === 'fail') {
    for (const line of fault.lastLines) events.line(line)
    throw new BuildFailed(fault.message, fault)
  }
  if (fault?.kind === 'hang')
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

/** `name = Rserve::ocap(…)` and the arguments of `name <- function(a, b)`, as far as a pattern can tell. */
function functionsOf(code: string): AppFunction[] {
  const names = [...code.matchAll(/(\w+) = (?:Rserve::)?ocap\(/g)].map(([, name = '']) => name)
  return names.map((name) => {
    const [, list = ''] = new RegExp(`\\b${name} <- function\\(([^)]*)\\)`).exec(code) ?? []
    const given = list
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== '')
    return { name, arguments: given.map((text) => ({ name: text, required: true })) }
  })
}

/** Versions that are held stay, as the real builder's do. */
function lockOf({ packages, held, rVersion }: BuildInput, newestVersion: string): PackageLock | undefined {
  const { locked, references, mentioned } = packages
  if (locked.length + references.length + mentioned.length === 0) return undefined
  const question = JSON.stringify([packages, rVersion])
  if (held?.question === question) return held
  const repository = 'https://cran.test'
  const found = [...references, ...mentioned].map((name) => ({
    ...{ name, version: newestVersion, source: repository, checksum: '' },
    ...held?.packages.find((known) => known.name === name),
  }))
  return {
    ...{ question, resolver: 'renv' as const, askedRepository: null, repository, systemPackages: [] },
    packages: [...locked, ...found],
  }
}

function imageOf(input: BuildInput, lock: PackageLock | undefined): BuiltImage {
  const { appId, slug, revisionHash, entryScript, rVersion, systemPackages } = input
  const packages = lock?.packages.map(({ name, version }) => ({ name, version })) ?? []
  const imageId = fakeImageId(JSON.stringify([appId, revisionHash, entryScript, rVersion, packages, systemPackages]))
  return {
    imageId,
    tag: `rserve-app-${slug}:${imageId.slice(-12)}`,
    depsKey: packages.length > 0 ? fakeImageId(JSON.stringify([rVersion, packages])).slice(-16) : undefined,
    packages,
    lock,
    functions: undefined,
    reused: false,
  }
}
