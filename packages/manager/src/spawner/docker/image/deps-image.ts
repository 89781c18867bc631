import type { BuildEvents, BuildInput, InstalledPackage } from '../../image-builder.ts'
import type { BaseImage } from './base-images.ts'
import { runToEnd, withBuildContainer } from './build-container.ts'
import { type BuildTools, lookingContainer, rscript } from './build-tools.ts'
import { readFile } from './container-files.ts'
import { depsKey, requestHash } from './content-hash.ts'
import { imageLabel } from './image-labels.ts'
import { type InstallOrder, installPackages } from './install-packages.ts'
import { parseInstalled } from './package-lock.ts'
import { type Resolved, resolvePackages } from './resolve-packages.ts'
import type { RunningBuilds } from './running-builds.ts'
import { createSingleFlight } from './single-flight.ts'

export interface DepsImage {
  /** Undefined when the base already holds everything. */
  key: string | undefined
  /** What the code layer is built on. */
  tag: string
  packages: InstalledPackage[]
}

export interface DepsImages {
  /** Makes sure that an image with the packages of an app exists; apps that need the same share one. */
  ensure(input: BuildInput, base: BaseImage, events: BuildEvents, signal: AbortSignal): Promise<DepsImage>
}

const installedFile = '/rserve/installed.json'
const cleanupMs = 60_000
const tagOf = (key: string) => `rsp-deps:${key}`

export function createDepsImages(tools: BuildTools, running: RunningBuilds): DepsImages {
  const { images } = tools
  const once = createSingleFlight()
  /** By key: an image never changes, and reading its file takes a container. */
  const installed = new Map<string, InstalledPackage[]>()

  async function find(input: BuildInput, base: BaseImage, signal: AbortSignal): Promise<string | undefined> {
    if (input.mode === 'anew') return undefined
    const known = await images.find(questionTag(tools, input, base), signal)
    return known?.labels[imageLabel.depsKey]
  }

  async function make(order: InstallOrder, events: BuildEvents, signal: AbortSignal) {
    if (order.input.mode === 'reuse' && (await images.find(tagOf(order.key), signal))) return
    events.phase('installing')
    const imageId = await installPackages(tools, order, events.line, signal)
    try {
      if (order.resolved.lock.packages.length > 0) await verify(tools, imageId, order.input, events, signal)
      await images.tag(imageId, tagOf(order.key), signal)
      installed.delete(order.key)
    } catch (error) {
      await images.remove(imageId, AbortSignal.timeout(cleanupMs))
      throw error
    }
  }

  async function describe(key: string, hasPackages: boolean, buildId: string, signal: AbortSignal): Promise<DepsImage> {
    running.hold(buildId, key)
    const packages = installed.get(key) ?? (hasPackages ? await readInstalled(tools, key, buildId, signal) : [])
    installed.set(key, packages)
    return { key, tag: tagOf(key), packages }
  }

  return {
    async ensure(input, base, events, signal) {
      const nothing: DepsImage = { key: undefined, tag: base.tag, packages: [] }
      if (input.packages.length === 0 && input.systemPackages.length === 0) return nothing
      const known = await find(input, base, signal)
      if (known) return describe(known, input.packages.length > 0, input.buildId, signal)
      const resolved = await resolve(tools, input, base, events, signal)
      const order = orderOf(tools, input, base, resolved)
      if (order.resolved.lock.packages.length === 0 && order.systemPackages.length === 0) return nothing
      running.hold(input.buildId, order.key)
      await once(order.key, signal, () => make(order, events, signal))
      await images.tag(tagOf(order.key), questionTag(tools, input, base), signal)
      return describe(order.key, order.resolved.lock.packages.length > 0, input.buildId, signal)
    },
  }
}

function resolve(
  tools: BuildTools,
  input: BuildInput,
  base: BaseImage,
  events: BuildEvents,
  signal: AbortSignal,
): Promise<Resolved> {
  const nothing: Resolved = { lock: { resolver: 'base', packages: [], systemPackages: [] }, files: new Map() }
  if (input.packages.length === 0) return Promise.resolve(nothing)
  events.phase('resolving')
  return resolvePackages(tools, { input, base }, events.line, signal)
}

function orderOf(tools: BuildTools, input: BuildInput, base: BaseImage, resolved: Resolved): InstallOrder {
  const systemPackages = [...input.systemPackages, ...resolved.lock.systemPackages]
  const { packages, resolver } = resolved.lock
  // pak takes built packages from a cache that the owner's own packages have written to: not for others.
  const privateTo = resolver === 'pak' ? input.ownerId : undefined
  const key = depsKey({ ...base, instance: tools.instance }, { packages, systemPackages, privateTo })
  return { key, input, base, resolved, systemPackages }
}

/** A name that answers without asking the repository: the same was asked before, and this came of it. */
function questionTag({ instance, repository }: BuildTools, input: BuildInput, base: BaseImage): string {
  return tagOf(`asked-${requestHash({ ...base, instance }, { ...input, repository })}`)
}

/** A fresh process, as the user that apps run as, without network: does every package load? */
async function verify(tools: BuildTools, image: string, input: BuildInput, events: BuildEvents, signal: AbortSignal) {
  const spec = lookingContainer(tools, { image, command: rscript('verify'), buildId: input.buildId })
  await withBuildContainer(tools, spec, signal, (container) => runToEnd(container, events.line, signal))
}

async function readInstalled(tools: BuildTools, key: string, buildId: string, signal: AbortSignal) {
  const spec = lookingContainer(tools, { image: tagOf(key), command: ['true'], buildId })
  return withBuildContainer(tools, spec, signal, async (container) =>
    parseInstalled(await readFile(container, installedFile, signal)),
  )
}
