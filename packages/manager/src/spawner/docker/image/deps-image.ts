import type { BuildEvents, BuildInput } from '../../image-builder.ts'
import { isFromRepository, type PackageLock } from '../../package-lock.ts'
import type { BaseImage } from './base-images.ts'
import { runToEnd, withBuildContainer } from './build-container.ts'
import { type BuildTools, lookingContainer, rscript } from './build-tools.ts'
import { depsKey } from './content-hash.ts'
import { type InstallOrder, installPackages } from './install-packages.ts'
import { lockPackages } from './resolve-packages.ts'
import type { RunningBuilds } from './running-builds.ts'
import { createSingleFlight } from './single-flight.ts'

export interface DepsImage {
  /** Undefined when the base already holds everything. */
  key: string | undefined
  /** What the code layer is built on. */
  tag: string
  /** Undefined when no package was asked for. */
  lock: PackageLock | undefined
}

export interface DepsImages {
  /** Makes sure that an image with the packages of an app exists; apps that need the same share one. */
  ensure(input: BuildInput, base: BaseImage, events: BuildEvents, signal: AbortSignal): Promise<DepsImage>
}

const cleanupMs = 60_000
const tagOf = (key: string) => `rsp-deps:${key}`

export function createDepsImages(tools: BuildTools, running: RunningBuilds): DepsImages {
  const { images } = tools
  const once = createSingleFlight()

  async function make(order: InstallOrder, events: BuildEvents, signal: AbortSignal) {
    if (await images.find(tagOf(order.key), signal)) {
      events.line('These packages are installed already: nothing to do')
      return
    }
    events.phase('installing')
    const imageId = await installPackages(tools, order, events.line, signal)
    try {
      if (order.lock?.packages.length) await verify(tools, imageId, order.input, events, signal)
      await images.tag(imageId, tagOf(order.key), signal)
    } catch (error) {
      await images.remove(imageId, AbortSignal.timeout(cleanupMs))
      throw error
    }
  }

  return {
    async ensure(input, base, events, signal) {
      const onResolve = () => events.phase('resolving')
      const lock = isAsked(input)
        ? await lockPackages(tools, { input, base, onResolve }, events.line, signal)
        : undefined
      const order = orderOf(tools, input, base, lock)
      if (!lock?.packages.length && order.systemPackages.length === 0) return { key: undefined, tag: base.tag, lock }
      running.hold(input.buildId, order.key)
      await once(order.key, signal, () => make(order, events, signal))
      return { key: order.key, tag: tagOf(order.key), lock }
    },
  }
}

const isAsked = ({ packages: { locked, references, mentioned } }: BuildInput) =>
  locked.length + references.length + mentioned.length > 0

function orderOf(tools: BuildTools, input: BuildInput, base: BaseImage, lock: PackageLock | undefined): InstallOrder {
  const systemPackages = [...input.systemPackages, ...(lock?.systemPackages ?? [])]
  const packages = lock?.packages ?? []
  const isPublic = lock?.resolver !== 'pak' && packages.every(isFromRepository)
  const privateTo = isPublic ? undefined : input.ownerId
  const key = depsKey({ ...base, instance: tools.instance }, { packages, systemPackages, privateTo })
  return { key, input, base, lock, systemPackages, privateTo }
}

/** A fresh process, as the user that apps run as, without network: does every package load? */
async function verify(tools: BuildTools, image: string, input: BuildInput, events: BuildEvents, signal: AbortSignal) {
  const spec = lookingContainer(tools, { image, command: rscript('verify'), buildId: input.buildId })
  await withBuildContainer(tools, spec, signal, (container) => runToEnd(container, events.line, signal))
}
