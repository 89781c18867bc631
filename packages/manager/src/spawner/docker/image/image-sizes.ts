import type Dockerode from 'dockerode'
import { engineCall } from '../engine-call.ts'
import { isGone } from '../errors.ts'

export interface LayeredImage {
  imageId: string
  sizeBytes: number
  /** Digests, the lowest first. */
  layers: string[]
}

/**
 * What each image holds alone, by image id: its size without that of the largest image that it is built on. The engine
 * tells sizes with everything below, so that their sum would count shared layers many times.
 */
export async function readImageSizes(docker: Dockerode, signal: AbortSignal): Promise<Map<string, number>> {
  const listed = await engineCall('list images', signal, (abortSignal) => docker.listImages({ abortSignal }))
  const found = await Promise.all(
    listed.map(async ({ Id }): Promise<LayeredImage[]> => {
      const asked = engineCall(`inspect image ${Id}`, signal, () => docker.getImage(Id).inspect())
      const image = await asked.catch((error: unknown) => {
        if (isGone(error)) return undefined
        throw error
      })
      return image ? [{ imageId: Id, sizeBytes: image.Size, layers: image.RootFS.Layers ?? [] }] : []
    }),
  )
  return ownSizes(found.flat())
}

export function ownSizes(images: LayeredImage[]): Map<string, number> {
  return new Map(images.map((image) => [image.imageId, image.sizeBytes - largestBelow(image, images)]))
}

function largestBelow({ layers }: LayeredImage, images: LayeredImage[]): number {
  const isBelow = (other: LayeredImage) =>
    other.layers.length < layers.length && other.layers.every((layer, index) => layer === layers[index])
  return Math.max(0, ...images.filter(isBelow).map(({ sizeBytes }) => sizeBytes))
}
