import type { BuildInput } from '../../image-builder.ts'
import { isFromRepository, type LockedPackage, type PackageLock } from '../../package-lock.ts'
import type { BaseImage } from './base-images.ts'
import { runToEnd, withBuildContainer } from './build-container.ts'
import { type BuildTools, rootContainer } from './build-tools.ts'
import { readFile } from './container-files.ts'
import { requestHash } from './content-hash.ts'
import { parseResolution } from './resolution.ts'

/** Which packages in which versions: the answer that is held when the same was asked, else the repository's. */
export async function lockPackages(
  tools: BuildTools,
  { input, base, onResolve }: { input: BuildInput; base: BaseImage; onResolve: () => void },
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<PackageLock> {
  const question = requestHash({ ...input.packages, repository: tools.repository, rVersion: input.rVersion })
  if (input.held?.question === question) return input.held
  onResolve()
  const step = { image: base.imageId, script: 'resolve', buildId: input.buildId }
  const files = new Map([['/rserve/in/request.json', requestOf(tools, input)]])
  return withBuildContainer(tools, rootContainer(tools, { ...step, files }), signal, async (container) => {
    await runToEnd(container, onLine, signal)
    const resolution = parseResolution(await readFile(container, '/rserve/out/lock.json', signal))
    const lock = { ...resolution, question, askedRepository: tools.repository ?? null }
    const both = [...input.packages.locked.map(placedIn(resolution.repository)), ...resolution.packages]
    if (lock.resolver === 'renv') return { ...lock, packages: both.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
    // pak was told of the locked ones, too: it installs all or nothing.
    return { ...lock, pakLock: await readFile(container, '/rserve/out/pak.lock', signal) }
  })
}

/** As `resolve.R` says it, so that a lock that went out comes in as the same. */
const placedIn = (repository: string) => (locked: LockedPackage) =>
  isFromRepository(locked) ? { ...locked, source: `${repository}/src/contrib` } : locked

/** Read by `resolve.R`. */
function requestOf({ repository, limits }: BuildTools, { packages, held }: BuildInput): string {
  const isSameRepository = held?.askedRepository === (repository ?? null)
  return JSON.stringify({
    repository,
    cpus: Math.max(1, Math.floor(limits.cpus)),
    references: packages.references,
    mentioned: packages.mentioned,
    locked: packages.locked.map((one) => ({ name: one.name, reference: exactReference(one) })),
    held: held?.packages.map(({ name, version, checksum }) => ({ name, version, checksum })) ?? [],
    ...(isSameRepository && { heldRepository: held?.repository }),
  })
}

function exactReference({ name, version, record = {} }: LockedPackage): string {
  const { RemoteUsername: owner, RemoteRepo: repo, RemoteSha: commit, RemoteRef: ref } = record
  return owner && repo ? `${owner}/${repo}@${commit ?? ref ?? 'HEAD'}` : `${name}@${version}`
}
