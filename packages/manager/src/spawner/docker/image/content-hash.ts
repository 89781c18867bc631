import { createHash } from 'node:crypto'
import type { LockedPackage, PackageRequest } from '../../package-lock.ts'
import { commitChanges, dockerfiles } from './dockerfiles.ts'

/** Raised when the same input must give another image; what the scripts in the base do is part of its id. */
const templateVersion = 1

interface Base {
  imageId: string
  architecture: string
  instance: string
}

/** The order of names, and what is asked for twice, does not matter. */
const sortedSet = (names: readonly string[]) => [...new Set(names)].sort()

/** Of what was asked: a lock that answers the same question needs no other answer. */
export function requestHash(asked: PackageRequest & { repository: string | undefined; rVersion: string }): string {
  const { repository, rVersion, locked, references, mentioned } = asked
  return sha256([repository, rVersion, entriesOf(locked), sortedSet(references), sortedSet(mentioned)])
}

/** Of everything that shapes the shared image of packages. */
export function depsKey(
  base: Base,
  deps: { packages: LockedPackage[]; systemPackages: string[]; privateTo: string | undefined },
): string {
  const { packages, systemPackages, privateTo } = deps
  return sha256([
    templateVersion,
    dockerfiles,
    commitChanges,
    base,
    sortedSet(systemPackages),
    entriesOf(packages),
    privateTo,
  ])
}

const entriesOf = (packages: LockedPackage[]) =>
  packages
    .map(({ name, version, source, checksum, record }) => JSON.stringify([name, version, source, checksum, record]))
    .sort()

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
