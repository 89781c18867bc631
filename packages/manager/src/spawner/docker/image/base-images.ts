import type Dockerode from 'dockerode'
import { SpawnerError } from '../../spawner.ts'
import { engineCall } from '../engine-call.ts'
import { imageLabel } from './image-labels.ts'

export interface BaseImage {
  imageId: string
  /** A name that never moves: `FROM` an id asks a registry. */
  tag: string
  architecture: string
}

export interface BaseImages {
  /** Offered R versions, newest first. */
  versions(signal: AbortSignal): Promise<string[]>
  find(rVersion: string, signal: AbortSignal): Promise<BaseImage>
}

export function createBaseImages(docker: Dockerode): BaseImages {
  /** Everything built on a base inherits its label; what we have built is managed. */
  async function bases(signal: AbortSignal): Promise<Dockerode.ImageInfo[]> {
    const found = await engineCall('list base images', signal, (abortSignal) =>
      docker.listImages({ filters: { label: [imageLabel.runtime] }, abortSignal }),
    )
    return found.filter((image) => !(imageLabel.managed in image.Labels) && (image.RepoTags ?? []).length > 0)
  }

  return {
    async versions(signal) {
      const versions = (await bases(signal)).map(versionOf)
      return [...new Set(versions)].sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    },
    async find(rVersion, signal) {
      const fitting = (await bases(signal)).filter((image) => versionOf(image) === rVersion)
      const base = fitting.sort(preferred(rVersion))[0]
      if (!base) throw new SpawnerError('image-missing', `there is no base image for R ${rVersion}`)
      const facts = await engineCall('inspect a base image', signal, () => docker.getImage(base.Id).inspect())
      refuseInherited(facts)
      return { imageId: base.Id, tag: lastingTag(base), architecture: facts.Architecture }
    },
  }
}

const versionOf = (image: Dockerode.ImageInfo) => image.Labels[imageLabel.runtime] ?? ''

/** The one that `build-base` points at, else the newest. */
function preferred(rVersion: string) {
  const isCurrent = (image: Dockerode.ImageInfo) => (image.RepoTags ?? []).includes(`rserve-base:${rVersion}`)
  return (a: Dockerode.ImageInfo, b: Dockerode.ImageInfo) =>
    Number(isCurrent(b)) - Number(isCurrent(a)) || b.Created - a.Created
}

/** The tag with a content hash, which is the longer one. */
function lastingTag(image: Dockerode.ImageInfo): string {
  const [longest = ''] = (image.RepoTags ?? []).sort((a, b) => b.length - a.length)
  return longest
}

/** What every app would inherit without having asked. */
function refuseInherited({ Config }: Dockerode.ImageInspectInfo) {
  const routed = Object.keys(Config.Labels ?? {}).find((label) => /^traefik\./i.test(label))
  const volumes = Object.keys(Config.Volumes ?? {})
  if (routed) throw new SpawnerError('invalid-spec', `the base image carries the label ${routed}`)
  if (volumes.length > 0) throw new SpawnerError('invalid-spec', `the base image declares the volume ${volumes[0]}`)
  if ('Healthcheck' in Config && Config.Healthcheck)
    throw new SpawnerError('invalid-spec', 'the base image declares a health check')
}
