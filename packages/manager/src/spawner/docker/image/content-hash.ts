import { createHash } from 'node:crypto'
import { commitChanges, dockerfiles } from './dockerfiles.ts'
import type { LockedPackage } from './package-lock.ts'

/** Raised when the same input must give another image; what the scripts in the base do is part of its id. */
const templateVersion = 1

interface Base {
  imageId: string
  architecture: string
  instance: string
}

/** The order of names, and what is asked for twice, does not matter. */
const sortedSet = (names: readonly string[]) => [...new Set(names)].sort()

/** Of what was asked: finds the packages that were resolved for the same question before. */
export function requestHash(
  base: Base,
  asked: { repository: string | undefined; packages: string[]; systemPackages: string[]; ownerId: string },
): string {
  const { repository, packages, systemPackages, ownerId } = asked
  return sha256([templateVersion, base, repository, sortedSet(packages), sortedSet(systemPackages), ownerId])
}

/** Of everything that shapes the shared image of packages. */
export function depsKey(
  base: Base,
  deps: { packages: LockedPackage[]; systemPackages: string[]; privateTo: string | undefined },
): string {
  const { packages, systemPackages, privateTo } = deps
  const entries = packages.map(({ name, version, source, checksum }) => [name, version, source, checksum].join('\0'))
  return sha256([
    templateVersion,
    dockerfiles,
    commitChanges,
    base,
    sortedSet(systemPackages),
    entries.sort(),
    privateTo,
  ])
}

/** 12 hex over everything that shapes the image of an app. */
export function appImageHash(
  base: Base,
  app: { depsKey: string | undefined; appId: string; revisionHash: string; entryScript: string },
): string {
  const { depsKey: key, appId, revisionHash, entryScript } = app
  return sha256([templateVersion, dockerfiles, base, key, appId, revisionHash, entryScript]).slice(0, 12)
}

function sha256(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}
