import type Dockerode from 'dockerode'
import type { BuildInput } from '../../image-builder.ts'
import { SpawnerError } from '../../spawner.ts'
import { engineCall } from '../engine-call.ts'
import type { BaseImage } from './base-images.ts'
import { runToEnd, withBuildContainer } from './build-container.ts'
import { buildImage } from './build-image.ts'
import { type BuildTools, requestFile, rootContainer } from './build-tools.ts'
import { fileContext } from './code-context.ts'
import { commitChanges, dockerfiles } from './dockerfiles.ts'
import { depsLabels } from './image-labels.ts'
import type { Resolved } from './resolve-packages.ts'

export interface InstallOrder {
  key: string
  input: BuildInput
  base: BaseImage
  resolved: Resolved
  systemPackages: string[]
}

/** Large packages take their time to be written down. */
const commitMs = 10 * 60_000
const cleanupMs = 60_000

/** Base + system packages by BuildKit, R packages in a container with limits; answers an image without a name. */
export async function installPackages(
  tools: BuildTools,
  order: InstallOrder,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const { input, base, resolved, key, systemPackages } = order
  const parent = systemPackages.length > 0 ? await installSystemPackages(tools, order, onLine, signal) : base.imageId
  if (resolved.lock.packages.length === 0) return parent
  const files = new Map([...resolved.files, requestFile(tools, input.packages)])
  const spec = rootContainer(tools, { image: parent, script: 'install', buildId: input.buildId, files })
  const cached = resolved.lock.resolver === 'pak' ? { ...spec, cacheVolume: cacheOf(tools, order) } : spec
  try {
    return await withBuildContainer(tools, cached, signal, async (container) => {
      await runToEnd(container, onLine, signal)
      return commit(container, depsLabels(tools.instance, input.buildId, key), signal)
    })
  } catch (error) {
    if (parent !== base.imageId) await tools.images.remove(parent, AbortSignal.timeout(cleanupMs))
    throw error
  }
}

/** BuildKit's own containers have no limits, which is why nothing but apt runs in them. */
async function installSystemPackages(
  { docker, instance, extraHosts }: BuildTools,
  { key, input, base, systemPackages }: InstallOrder,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const names = [...new Set(systemPackages)].sort()
  return buildImage(
    docker,
    {
      context: fileContext({ Dockerfile: dockerfiles.apt, 'apt.txt': `${names.join('\n')}\n` }),
      buildArgs: { PARENT: base.tag },
      labels: depsLabels(instance, input.buildId, key),
      networkMode: 'default',
      extraHosts,
    },
    onLine,
    signal,
  )
}

/** Apart for each owner: install scripts can write to it, and one could alter another's packages. */
function cacheOf({ instance }: BuildTools, { input, base }: InstallOrder) {
  const minor = input.rVersion.split('.').slice(0, 2).join('.')
  const labels = depsLabels(instance, input.buildId, '')
  return { name: `rsp-${instance.slice(0, 8)}-cache-${input.ownerId}-${minor}-${base.architecture}`, labels }
}

/** A commit also copies the container's labels and settings: what must not stay is set again. */
async function commit(container: Dockerode.Container, labels: Record<string, string>, signal: AbortSignal) {
  const changes = [...commitChanges, ...Object.entries(labels).map(([name, value]) => `LABEL ${name}="${value}"`)]
  const committed: unknown = await engineCall(
    'commit the installed packages',
    signal,
    (abortSignal) => container.commit({ changes, pause: false, abortSignal }),
    commitMs,
  )
  if (typeof committed === 'object' && committed !== null && 'Id' in committed && typeof committed.Id === 'string')
    return committed.Id
  throw new SpawnerError('internal', 'the engine committed packages without an id')
}
