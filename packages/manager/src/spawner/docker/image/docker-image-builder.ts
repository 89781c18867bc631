import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type Dockerode from 'dockerode'
import {
  type AppFunction,
  type BuildEvents,
  BuildFailed,
  type BuildInput,
  type BuiltImage,
  type ImageBuilder,
} from '../../image-builder.ts'
import { isGone } from '../errors.ts'
import type { Log } from '../log.ts'
import { parseFunctions } from './app-functions.ts'
import { type BaseImage, createBaseImages } from './base-images.ts'
import { type BuildLimits, runToEnd, withBuildContainer } from './build-container.ts'
import { buildImage } from './build-image.ts'
import { type BuildTools, lookingContainer, rscript } from './build-tools.ts'
import { createCleanup } from './cleanup.ts'
import { codeContext } from './code-context.ts'
import { readFile } from './container-files.ts'
import { appImageHash } from './content-hash.ts'
import { createDepsImages, type DepsImage } from './deps-image.ts'
import { appImageLabels, imageLabel } from './image-labels.ts'
import { readImageSizes } from './image-sizes.ts'
import { createImageStore } from './image-store.ts'
import { type CacheLimits, createPackageCaches } from './package-caches.ts'
import { createRunningBuilds } from './running-builds.ts'

export interface DockerImageBuilderOptions {
  docker: Dockerode
  /** Installation id. */
  instance: string
  /** Name of the network that package installs run in; it must exist. */
  network: string
  /** CRAN-shaped address; `{codename}` and `{date}` are filled in. Undefined = the one the base was built with. */
  repository: string | undefined
  /** `name:address` pairs for names that only this machine knows. */
  extraHosts: string[]
  /** Of each install container. */
  limits: BuildLimits
  caches: CacheLimits
  log: Log
}

const cleanupMs = 60_000

export function createDockerImageBuilder(options: DockerImageBuilderOptions): ImageBuilder {
  const { docker, instance } = options
  const images = createImageStore(docker, instance)
  const tools: BuildTools = { ...options, images }
  const bases = createBaseImages(docker)
  const running = createRunningBuilds()
  const deps = createDepsImages(tools, running)
  const cleanup = createCleanup({ docker, instance, images, running })
  const caches = createPackageCaches(docker, instance, options.caches)
  let cleaned: Promise<unknown> | undefined

  /**
   * Once per process, before its first build: what a killed manager left behind would never end by itself. A build that
   * is tried again has the id of its first try, whose remains must not be taken for its own.
   */
  async function cleanOnce() {
    cleaned ??= cleanup.removeLeftovers({ dryRun: false }, AbortSignal.timeout(cleanupMs))
    try {
      await cleaned
    } catch (error) {
      cleaned = undefined
      throw error
    }
  }

  /** BuildKit may have had the image ready when it was told to stop. */
  async function removeUnnamed(buildId: string) {
    const signal = AbortSignal.timeout(cleanupMs)
    for (const { imageId, tags, labels } of await images.list(signal))
      if (tags.length === 0 && labels[imageLabel.buildId] === buildId) await images.remove(imageId, signal)
  }

  async function build(input: BuildInput, events: BuildEvents, signal: AbortSignal): Promise<BuiltImage> {
    await requireEntry(input, events)
    const base = await bases.find(input.rVersion, signal)
    const parent = await deps.ensure(input, base, events, signal)
    const tag = tagOf(instance, input, base, parent)
    const packages = parent.lock?.packages.map(({ name, version }) => ({ name, version })) ?? []
    const facts = { tag, depsKey: parent.key, packages, lock: parent.lock }
    const existing = input.mode === 'reuse' ? await images.find(tag, signal) : undefined
    if (existing) return { ...facts, imageId: existing.imageId, functions: undefined, reused: true }
    const imageId = await assemble(tools, input, parent, events, signal).catch(async (error: unknown) => {
      await removeUnnamed(input.buildId)
      throw error
    })
    try {
      const functions = await checkCode(tools, imageId, input, events, signal)
      await images.tag(imageId, tag, signal)
      return { ...facts, imageId, functions, reused: false }
    } catch (error) {
      await images.remove(imageId, AbortSignal.timeout(cleanupMs))
      throw error
    }
  }

  return {
    runtimes: (signal) => bases.versions(signal),
    async build(input, events, signal) {
      await cleanOnce()
      return running.run(input.buildId, () => build(input, events, signal))
    },
    async removeImages(appId, keep, how, signal) {
      const removed = await cleanup.removeImagesOf(appId, keep, how, signal)
      if (!how.dryRun) await cleanup.removeLeftovers(how, signal)
      return removed
    },
    async removeUnused(how, signal) {
      const left = await cleanup.removeLeftovers(how, signal)
      return [...left, ...(await cleanup.removeUnusedPackages(how, signal))]
    },
    trimCaches: caches.trim,
    appIds: cleanup.appIds,
    imageSizes: (signal) => readImageSizes(docker, signal),
  }
}

/** Looked at without following: a link could name a file of the manager. */
async function requireEntry({ codeDir, entryScript }: BuildInput, events: BuildEvents) {
  const facts = await lstat(join(codeDir, entryScript)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
  })
  if (facts?.isFile() && !entryScript.includes('/')) return
  const line = `Error: the entry script ${entryScript} is missing or is no regular file`
  events.line(line)
  throw new BuildFailed(line, { lastLines: [line] })
}

function tagOf(instance: string, input: BuildInput, base: BaseImage, parent: DepsImage): string {
  const hash = appImageHash({ ...base, instance }, { ...input, depsKey: parent.key })
  return `rserve-app-${input.slug}:${hash}`
}

/** The code as one layer, without network; nothing of it runs. */
async function assemble(
  { docker, instance }: BuildTools,
  input: BuildInput,
  parent: DepsImage,
  events: BuildEvents,
  signal: AbortSignal,
): Promise<string> {
  events.phase('assembling')
  return buildImage(
    docker,
    {
      context: codeContext(input.codeDir, signal),
      buildArgs: { PARENT: parent.tag },
      labels: appImageLabels(instance, { ...input, depsKey: parent.key }),
      networkMode: 'none',
      extraHosts: [],
    },
    events.line,
    signal,
  )
}

/** Is it R, and which functions does it offer? */
async function checkCode(
  tools: BuildTools,
  image: string,
  { buildId, entryScript, serves }: BuildInput,
  events: BuildEvents,
  signal: AbortSignal,
): Promise<AppFunction[] | undefined> {
  events.phase('verifying')
  const command = rscript('check', `/app/${entryScript}`, serves)
  return withBuildContainer(tools, lookingContainer(tools, { image, command, buildId }), signal, async (container) => {
    await runToEnd(container, events.line, signal)
    if (serves === 'http') return undefined
    const text = await readFile(container, '/tmp/functions.json', signal).catch((error: unknown) => {
      if (!isGone(error)) throw error
    })
    return text === undefined ? undefined : parseFunctions(text)
  })
}
