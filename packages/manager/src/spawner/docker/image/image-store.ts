import type Dockerode from 'dockerode'
import { engineCall } from '../engine-call.ts'
import { isGone } from '../errors.ts'
import { madeHere } from './image-labels.ts'

export interface StoredImage {
  imageId: string
  tags: string[]
  labels: Record<string, string>
}

export interface ImageStore {
  /** By name or id; undefined when there is none. */
  find(name: string, signal: AbortSignal): Promise<StoredImage | undefined>
  tag(imageId: string, name: string, signal: AbortSignal): Promise<void>
  /** Everything that builds of this installation have made. */
  list(signal: AbortSignal): Promise<StoredImage[]>
  /** With all its names. Already gone is success; false when a container runs it, or an image is built on it. */
  remove(imageId: string, signal: AbortSignal): Promise<boolean>
}

export function createImageStore(docker: Dockerode, instance: string): ImageStore {
  return {
    async find(name, signal) {
      try {
        const { Id, RepoTags, Config } = await engineCall(`inspect image ${name}`, signal, () =>
          docker.getImage(name).inspect(),
        )
        return { imageId: Id, tags: RepoTags ?? [], labels: Config.Labels ?? {} }
      } catch (error) {
        if (isGone(error)) return undefined
        throw error
      }
    },
    async tag(imageId, name, signal) {
      const [repo = '', tag = ''] = name.split(':')
      await engineCall(`name image ${name}`, signal, () => docker.getImage(imageId).tag({ repo, tag }))
    },
    async list(signal) {
      const found = await engineCall('list images', signal, (abortSignal) =>
        docker.listImages({ filters: { label: madeHere(instance) }, abortSignal }),
      )
      return found.map(({ Id, RepoTags, Labels }) => ({ imageId: Id, tags: RepoTags ?? [], labels: Labels }))
    },
    async remove(imageId, signal) {
      try {
        await engineCall(`remove image ${imageId}`, signal, () => docker.getImage(imageId).remove({ force: true }))
        return true
      } catch (error) {
        if (isInUse(error)) return false
        if (isGone(error)) return true
        throw error
      }
    },
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && /image is being used by|has dependent child images/.test(error.message)
}
