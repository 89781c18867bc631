import type Dockerode from 'dockerode'
import { engineCall } from '../engine-call.ts'
import { isGone, saysAny, tolerate } from '../errors.ts'
import { imageLabel, madeHere } from './image-labels.ts'
import type { ImageStore, StoredImage } from './image-store.ts'
import type { RunningBuilds } from './running-builds.ts'

interface CleanupOptions {
  docker: Dockerode
  instance: string
  images: ImageStore
  running: RunningBuilds
}

/** Removes by our labels alone: what another installation, or a person, has made is not visible here. */
export function createCleanup({ docker, instance, images, running }: CleanupOptions) {
  const isBusy = (image: StoredImage) => running.isRunning(image.labels[imageLabel.buildId])

  async function removeImagesOf(appId: string, keep: string[], signal: AbortSignal) {
    const ofApp = (await images.list(signal)).filter((image) => image.labels[imageLabel.appId] === appId)
    const doomed = ofApp.filter((image) => !keep.includes(image.imageId) && !isBusy(image))
    for (const image of doomed) await images.remove(image.imageId, signal)
    await removeUnusedDeps(new Set(doomed.map(keyOf)), signal)
  }

  /** Only those of images that were just removed: a build that failed in its code will want its packages again. */
  async function removeUnusedDeps(keys: Set<string>, signal: AbortSignal) {
    const left = await images.list(signal)
    const used = new Set(left.filter(isOfApp).map(keyOf))
    for (const image of left.filter((image) => !isOfApp(image) && keys.has(keyOf(image)) && !used.has(keyOf(image))))
      if (!running.isHeld(keyOf(image))) await images.remove(image.imageId, signal)
  }

  /** Without a name and without an app: a build was killed before it could name its packages. */
  async function removeHalfMade(signal: AbortSignal) {
    const unnamed = (await images.list(signal)).filter((image) => image.tags.length === 0 && !isOfApp(image))
    for (const image of unnamed.filter((image) => !isBusy(image))) await images.remove(image.imageId, signal)
  }

  async function removeContainers(signal: AbortSignal) {
    const label = [...madeHere(instance), `${imageLabel.role}=builder`]
    const found = await engineCall('list build containers', signal, (abortSignal) =>
      docker.listContainers({ all: true, filters: { label }, abortSignal }),
    )
    for (const { Id } of found.filter(({ Labels }) => !running.isRunning(Labels[imageLabel.buildId]))) {
      const removing = engineCall('remove a build container', signal, (abortSignal) =>
        docker.getContainer(Id).remove({ force: true, v: true, abortSignal }),
      )
      await tolerate(removing, (error) => isGone(error) || saysAny(/already in progress/)(error))
    }
  }

  return {
    removeImagesOf,
    /** Of builds of a manager that was killed. */
    async removeLeftovers(signal: AbortSignal) {
      await removeContainers(signal)
      await removeHalfMade(signal)
    },
  }
}

const keyOf = (image: StoredImage) => image.labels[imageLabel.depsKey] ?? ''
const isOfApp = (image: StoredImage) => imageLabel.appId in image.labels
