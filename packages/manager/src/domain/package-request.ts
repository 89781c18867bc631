import type { LockedPackage, PackageRequest } from '../spawner/package-lock.ts'
import { isInstallable, nameOf } from './declared-packages.ts'

interface Named {
  packages: LockedPackage[]
  references: string[]
  mentioned: string[]
}

/**
 * What the code asks for and what the owner lists, as one request. The owner's wins: a reference that says more than a
 * name replaces the package of a lock file.
 */
export function packageRequest(found: Named, listed: string[]): PackageRequest {
  const locked = new Set(found.packages.map(({ name }) => name))
  const wanted = listed.filter((reference) => {
    const name = nameOf(reference)
    return name === reference ? isInstallable(name) && !locked.has(name) : true
  })
  const names = new Set(wanted.map(nameOf))
  const isOpen = (name: string) => !names.has(name)
  return {
    locked: found.packages.filter(({ name }) => isOpen(name)),
    references: [...wanted, ...found.references.filter((reference) => isOpen(nameOf(reference)))],
    mentioned: found.mentioned.filter(isOpen),
  }
}
