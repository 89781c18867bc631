import { isDeepStrictEqual } from 'node:util'
import type { InstalledPackage, ReleaseDiff, Revision } from '@rserve-proxy/contract/releases.ts'

export interface DiffedRelease {
  number: number
  revision: Revision
  packages: InstalledPackage[]
  imageId: string
  settings: object
}

/** What changes from one release to the other; equal parts are left out. */
export function releaseDiff(from: DiffedRelease, to: DiffedRelease): ReleaseDiff {
  return {
    from: from.number,
    to: to.number,
    revision: from.revision.hash === to.revision.hash ? null : { from: from.revision, to: to.revision },
    packages: changesOf(versionsOf(from), versionsOf(to)).map(([name, before, after]) => ({
      name,
      from: before ?? null,
      to: after ?? null,
    })),
    image: from.imageId === to.imageId ? null : { from: from.imageId, to: to.imageId },
    settings: changesOf(new Map(Object.entries(from.settings)), new Map(Object.entries(to.settings))).map(
      ([name, before, after]) => ({ name, from: before ?? null, to: after ?? null }),
    ),
  }
}

const versionsOf = ({ packages }: DiffedRelease) => new Map(packages.map(({ name, version }) => [name, version]))

/** Sorted by name. */
function changesOf<T>(from: Map<string, T>, to: Map<string, T>): [string, T | undefined, T | undefined][] {
  const names = [...new Set([...from.keys(), ...to.keys()])].toSorted()
  return names
    .filter((name) => !isDeepStrictEqual(from.get(name), to.get(name)))
    .map((name) => [name, from.get(name), to.get(name)])
}
