import type Dockerode from 'dockerode'
import { BuildFailed, type BuildInput } from '../../image-builder.ts'
import { type PackageLock, renvLock } from '../../package-lock.ts'
import { SpawnerError } from '../../spawner.ts'
import { engineCall } from '../engine-call.ts'
import type { BaseImage } from './base-images.ts'
import { runToEnd, withBuildContainer } from './build-container.ts'
import { buildImage } from './build-image.ts'
import { type BuildTools, rootContainer } from './build-tools.ts'
import { fileContext } from './code-context.ts'
import { commitChanges, dockerfiles } from './dockerfiles.ts'
import { builderLabels, depsLabels, imageLabel } from './image-labels.ts'
import { systemPackageName } from './resolution.ts'

export interface InstallOrder {
  key: string
  input: BuildInput
  base: BaseImage
  lock: PackageLock | undefined
  systemPackages: string[]
  /** Set when somebody's own code may have been in the cache that these packages come from. */
  privateTo: string | undefined
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
  const { input, base, lock, key, systemPackages } = order
  const parent = systemPackages.length > 0 ? await installSystemPackages(tools, order, onLine, signal) : base.imageId
  if (!lock?.packages.length) return parent
  const files = filesOf(tools, order, lock)
  const spec = rootContainer(tools, { image: parent, script: 'install', buildId: input.buildId, files })
  try {
    return await withBuildContainer(
      tools,
      { ...spec, cacheVolume: cacheOf(tools, order) },
      signal,
      async (container) => {
        await runToEnd(container, onLine, signal)
        return commit(container, depsLabels(tools.instance, input.buildId, key), signal)
      },
    )
  } catch (error) {
    if (parent !== base.imageId) await tools.images.remove(parent, AbortSignal.timeout(cleanupMs))
    throw error
  }
}

/** Read by `install.R`. */
function filesOf({ limits }: BuildTools, { input }: InstallOrder, lock: PackageLock): Map<string, string> {
  const { resolver, repository, packages, pakLock } = lock
  const request = { repository, cpus: Math.max(1, Math.floor(limits.cpus)) }
  const versions = packages.map(({ name, version }) => ({ name, version }))
  return new Map([
    ['/rserve/in/request.json', JSON.stringify(request)],
    ['/rserve/in/lock.json', JSON.stringify({ resolver, repository, packages: versions })],
    ['/rserve/in/renv.lock', renvLock(lock, input.rVersion)],
    ['/rserve/in/pak.lock', pakLock ?? ''],
  ])
}

/** BuildKit's own containers have no limits, which is why nothing but apt runs in them. */
async function installSystemPackages(
  { docker, instance, extraHosts }: BuildTools,
  { key, input, base, systemPackages }: InstallOrder,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const names = [...new Set(systemPackages)].sort()
  refuseOdd(names, onLine)
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

/** Whatever the rows say: apt-get takes options, files and removals where it expects names. */
function refuseOdd(names: string[], onLine: (line: string) => void) {
  const odd = names.find((name) => !systemPackageName.test(name))
  if (odd === undefined) return
  const line = `E: Unable to locate package ${odd}`
  onLine(line)
  throw new BuildFailed(line, { lastLines: [line] })
}

/**
 * Apart for each owner, and for what is not the repository's own: install scripts can write to it, and one could alter
 * the packages of others.
 */
function cacheOf({ instance }: BuildTools, { input, base, privateTo }: InstallOrder) {
  const minor = input.rVersion.split('.').slice(0, 2).join('.')
  const kind = privateTo ? 'any' : 'repository'
  const name = `rsp-${instance.slice(0, 8)}-cache-${input.ownerId}-${kind}-${minor}-${base.architecture}`
  return { name, labels: { ...builderLabels(instance, input.buildId), [imageLabel.role]: 'cache' } }
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
