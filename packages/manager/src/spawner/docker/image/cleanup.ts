import type Dockerode from 'dockerode'
import type { CleanupOptions, Removed } from '../../image-builder.ts'
import { engineCall } from '../engine-call.ts'
import { isGone, saysAny, tolerate } from '../errors.ts'
import { imageLabel, madeHere } from './image-labels.ts'
import type { ImageStore, StoredImage } from './image-store.ts'
import type { RunningBuilds } from './running-builds.ts'

interface CleanupDeps {
  docker: Dockerode
  instance: string
  images: ImageStore
  running: RunningBuilds
}

/** Removes by our labels alone: what another installation, or a person, has made is not visible here. */
export function createCleanup({ docker, instance, images, running }: CleanupDeps) {
  const isBusy = (image: StoredImage) => running.isRunning(image.labels[imageLabel.buildId])

  /** Packages only of images that go now: a build that failed in its code will want its packages again. */
  async function removeImagesOf(appId: string, keep: string[], { dryRun }: CleanupOptions, signal: AbortSignal) {
    const all = await images.list(signal)
    const isDoomed = (image: StoredImage) => appOf(image) === appId && !keep.includes(image.imageId) && !isBusy(image)
    const doomed = all.filter(isDoomed)
    const keys = new Set(doomed.map(keyOf))
    const left = all.filter((image) => !isDoomed(image))
    const packages = unusedPackages(left).filter((image) => keys.has(keyOf(image)))
    return [
      ...(await removeImages(doomed, { reason: 'no kept release needs it', dryRun }, signal)),
      ...(await removeImages(packages, { reason: unusedReason, dryRun }, signal)),
    ]
  }

  function unusedPackages(all: StoredImage[]): StoredImage[] {
    const used = new Set(all.filter(appOf).map(keyOf))
    return all.filter((image) => isPackages(image) && !used.has(keyOf(image)) && !running.isHeld(keyOf(image)))
  }

  async function removeImages(
    doomed: StoredImage[],
    { reason, dryRun }: Doom,
    signal: AbortSignal,
  ): Promise<Removed[]> {
    const gone: StoredImage[] = []
    for (const image of doomed) if (dryRun || (await images.remove(image.imageId, signal))) gone.push(image)
    return gone.map(({ imageId, tags }) => ({ kind: 'image', id: imageId, name: tags[0] ?? '(unnamed)', reason }))
  }

  /** Without a name and without an app: a build was killed before it could name its packages. */
  async function removeHalfMade(dryRun: boolean, signal: AbortSignal) {
    const unnamed = (await images.list(signal)).filter((image) => image.tags.length === 0 && !appOf(image))
    return removeImages(
      unnamed.filter((image) => !isBusy(image)),
      { reason: killedReason, dryRun },
      signal,
    )
  }

  async function removeContainers(dryRun: boolean, signal: AbortSignal): Promise<Removed[]> {
    const label = [...madeHere(instance), `${imageLabel.role}=builder`]
    const found = await engineCall('list build containers', signal, (abortSignal) =>
      docker.listContainers({ all: true, filters: { label }, abortSignal }),
    )
    const left = found.filter(({ Labels }) => !running.isRunning(Labels[imageLabel.buildId]))
    if (!dryRun) for (const { Id } of left) await removeContainer(Id, signal)
    return left.map(({ Id, Names }) => ({
      ...{ kind: 'container', id: Id, name: Names[0]?.slice(1) ?? Id, reason: killedReason },
    }))
  }

  function removeContainer(id: string, signal: AbortSignal) {
    const removing = engineCall('remove a build container', signal, (abortSignal) =>
      docker.getContainer(id).remove({ force: true, v: true, abortSignal }),
    )
    return tolerate(removing, (error) => isGone(error) || saysAny(/already in progress/)(error))
  }

  return {
    removeImagesOf,
    /** Of builds of a manager that was killed. */
    async removeLeftovers({ dryRun }: CleanupOptions, signal: AbortSignal): Promise<Removed[]> {
      return [...(await removeContainers(dryRun, signal)), ...(await removeHalfMade(dryRun, signal))]
    },
    async removeUnusedPackages({ dryRun }: CleanupOptions, signal: AbortSignal): Promise<Removed[]> {
      const named = (await images.list(signal)).filter(({ tags }) => tags.length > 0)
      return removeImages(unusedPackages(named), { reason: unusedReason, dryRun }, signal)
    },
    async appIds(signal: AbortSignal): Promise<string[]> {
      return [...new Set((await images.list(signal)).flatMap((image) => appOf(image) ?? []))]
    },
  }
}

interface Doom {
  reason: string
  dryRun: boolean
}

const unusedReason = 'no app is built on these packages'
const killedReason = 'its build was killed'
const keyOf = (image: StoredImage) => image.labels[imageLabel.depsKey] ?? ''
const appOf = (image: StoredImage): string | undefined => image.labels[imageLabel.appId]
const isPackages = (image: StoredImage) => !appOf(image) && keyOf(image) !== ''
