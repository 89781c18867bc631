import type { PackagesFrom } from '@rserve-proxy/contract/packages.ts'
import { installable, nameOf, referencesOfDescription } from '../domain/declared-packages.ts'
import { type LockFile, readManifest, readPakLock, readRenvLock } from '../domain/locked-packages.ts'
import { scanCode } from './scan-code.ts'

export interface FoundPackages extends LockFile {
  /** Null: no package is named anywhere. */
  from: PackagesFrom | null
  references: string[]
  /** Named by code, which may know how to go without them. */
  mentioned: string[]
}

const lockReaders = [
  ['renv.lock', readRenvLock],
  ['manifest.json', readManifest],
  ['pkg.lock', readPakLock],
] as const

/** Reads what a folder of code says about its packages; nothing of it is run. */
export async function findPackages(
  dir: string,
  readText: (path: string) => Promise<string | undefined>,
): Promise<FoundPackages> {
  const nothing = { packages: [], rVersion: null, refused: [], references: [], mentioned: [] }
  for (const [from, read] of lockReaders) {
    const lock = read((await readText(from)) ?? '')
    if (lock) return { ...nothing, ...lock, from }
  }
  const description = await readText('DESCRIPTION')
  if (description) return { ...nothing, from: 'DESCRIPTION', references: referencesOfDescription(description) }
  const mentioned = await scanCode(dir, readText)
  return { ...nothing, from: mentioned.length > 0 ? 'code' : null, mentioned }
}

/** Names, for people. */
export const namesOf = ({ packages, refused, references, mentioned }: FoundPackages) =>
  installable([...packages.map(({ name }) => name), ...refused, ...references.map(nameOf), ...mentioned])
