import { join } from 'node:path'
import { failures } from '@rserve-proxy/contract/failures.ts'
import type { PackagesFrom } from '@rserve-proxy/contract/packages.ts'
import { packageRequest } from '../domain/package-request.ts'
import { systemPackagesOf } from '../domain/system-packages.ts'
import type { BuildRow } from '../repositories/deployments.ts'
import type { Store } from '../repositories/store.ts'
import { findFramework } from '../sources/find-framework.ts'
import { type FoundPackages, findPackages } from '../sources/find-packages.ts'
import { readText } from '../sources/read-text.ts'
import { SourceFailed } from '../sources/source-failed.ts'
import type { BuildInput, ImageBuilder } from '../spawner/image-builder.ts'

export interface BuildPlan {
  input: Pick<BuildInput, 'entryScript' | 'serves' | 'rVersion' | 'packages' | 'held' | 'systemPackages' | 'mode'>
  packagesFrom: PackagesFrom | null
}

/** What code and settings ask of a build, with a line in the log for each that decides. */
export async function planBuild(
  { store, builder }: { store: Store; builder: Pick<ImageBuilder, 'runtimes'> },
  build: BuildRow,
  codeDir: string,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<BuildPlan> {
  const { settings, anew, updatePackages } = build.facts
  const read = (path: string) => readText(join(codeDir, path))
  const found = await findPackages(codeDir, read)
  refuse(found)
  await refuseFramework(codeDir, read)
  for (const line of tell(found, settings.packages)) onLine(line)
  const rVersion = await rVersionOf(builder, build, found, signal)
  onLine(`R ${rVersion}`)
  const held = updatePackages ? undefined : ((await store.releases.newestLock(build.appId)) ?? undefined)
  const packages = packageRequest(found, settings.packages)
  const systemPackages = [...settings.systemPackages, ...aptPackages((await read('apt.txt')) ?? '')]
  return {
    input: {
      entryScript: settings.entryScript,
      serves: settings.mode,
      rVersion,
      packages,
      held,
      systemPackages,
      mode: anew ? 'anew' : 'reuse',
    },
    packagesFrom: found.from,
  }
}

function refuse({ from, refused }: FoundPackages) {
  if (refused.length === 0) return
  const detail = `${from} takes ${refused.join(', ')} from a place that builds do not use, or names no version. Use CRAN, Bioconductor, GitHub, GitLab or Bitbucket.`
  throw new SourceFailed('package-source-refused', detail)
}

async function refuseFramework(codeDir: string, read: (path: string) => Promise<string | undefined>) {
  const framework = await findFramework(codeDir, read)
  if (!framework) return
  const detail = `This is a ${framework} app, and ${framework} brings a server of its own. ${failures['unsupported-framework'].advice}`
  throw new SourceFailed('unsupported-framework', detail)
}

function tell({ from, packages, references, mentioned }: FoundPackages, listed: string[]): string[] {
  const count = packages.length + references.length + mentioned.length
  const told = {
    'renv.lock': `Packages: ${count} in renv.lock, as they are`,
    'manifest.json': `Packages: ${count} in manifest.json, as they are`,
    'pkg.lock': `Packages: ${count} in pkg.lock, as they are`,
    DESCRIPTION: `Packages: ${count} in DESCRIPTION: ${references.join(', ')}`,
    code: `Packages that the code names: ${mentioned.join(', ')}`,
  }
  const lines = from ? [told[from]] : []
  return listed.length > 0 ? [...lines, `Packages of the app's settings: ${listed.join(', ')}`] : lines
}

/** An app that takes any version takes the one that its lock was made with. */
async function rVersionOf(
  builder: Pick<ImageBuilder, 'runtimes'>,
  { facts }: BuildRow,
  { from, rVersion }: FoundPackages,
  signal: AbortSignal,
): Promise<string> {
  if (!rVersion || facts.rVersionAsked !== 'latest') return facts.settings.rVersion
  const offered = await builder.runtimes(signal)
  if (offered.includes(rVersion)) return rVersion
  const detail = `${from} was made with R ${rVersion}, which is not offered here. Offered: ${offered.join(', ')}. Choose one of them in the settings, or ask an admin for R ${rVersion}.`
  throw new SourceFailed('r-version-not-offered', detail)
}

function aptPackages(text: string): string[] {
  const { names, wrong } = systemPackagesOf(text)
  if (!wrong) return names
  throw new SourceFailed('package-not-found', `apt.txt, line ${wrong.line}: “${wrong.text}” names no Debian package.`)
}
