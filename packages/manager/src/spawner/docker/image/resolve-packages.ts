import type { BuildInput } from '../../image-builder.ts'
import type { BaseImage } from './base-images.ts'
import { runToEnd, withBuildContainer } from './build-container.ts'
import { type BuildTools, requestFile, rootContainer } from './build-tools.ts'
import { readFile } from './container-files.ts'
import { type PackageLock, parseLock } from './package-lock.ts'

export interface Resolved {
  lock: PackageLock
  /** What the install step reads, as it was written. */
  files: Map<string, string>
}

/** Asks the repository, in a container of the base, which packages are needed and in which versions. */
export async function resolvePackages(
  tools: BuildTools,
  { input, base }: { input: BuildInput; base: BaseImage },
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<Resolved> {
  const step = { image: base.imageId, script: 'resolve', buildId: input.buildId }
  const files = new Map([requestFile(tools, input.packages)])
  return withBuildContainer(tools, rootContainer(tools, { ...step, files }), signal, async (container) => {
    await runToEnd(container, onLine, signal)
    const text = await readFile(container, '/rserve/out/lock.json', signal)
    const lock = parseLock(text)
    const answers = new Map([['/rserve/in/lock.json', text]])
    if (lock.resolver === 'pak')
      answers.set('/rserve/in/pak.lock', await readFile(container, '/rserve/out/pak.lock', signal))
    return { lock, files: answers }
  })
}
