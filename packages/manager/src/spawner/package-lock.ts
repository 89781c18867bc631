/** One package, exactly. */
export interface LockedPackage {
  name: string
  version: string
  /** Address of the repository that it was found in, or what pak calls its place. */
  source: string
  /** Of its archive, as the repository tells; empty when it does not. */
  checksum: string
  /** As an `renv.lock` has it, when it is not from the repository. */
  record?: Record<string, string>
}

/** Everything that an app's packages follow from: the same lock installs the same packages. */
export interface PackageLock {
  /** What was asked. Another question needs another answer, this one an hour later does not. */
  question: string
  /** pak names what base R cannot: packages of git hosts, and older versions. */
  resolver: 'renv' | 'pak'
  /** As it was configured, with places for date and codename; null = the base's own. */
  askedRepository: string | null
  /** Address that it was resolved with. */
  repository: string
  packages: LockedPackage[]
  /** Debian packages that the R packages ask for. */
  systemPackages: string[]
  /** pak's own lock file, when it resolved. */
  pakLock?: string
}

/** What an app's code and settings ask for. */
export interface PackageRequest {
  /** Exactly these, from a lock file in the code. */
  locked: LockedPackage[]
  /** Must exist: names, `name@1.2.3`, `owner/repo`. */
  references: string[]
  /** Named by the code: taken where the repository has them. */
  mentioned: string[]
}

/** Nothing but the repository's own: an image of these may be shared with everybody. */
export const isFromRepository = ({ record }: LockedPackage) => record === undefined

/** What `renv::restore()` reads. */
export function renvLock(lock: Pick<PackageLock, 'repository' | 'packages'>, rVersion: string): string {
  const entries = lock.packages.map((locked): [string, object] => [locked.name, recordOf(locked)])
  const repositories = lock.repository ? [{ Name: 'CRAN', URL: lock.repository }] : []
  return JSON.stringify(
    {
      R: { Version: rVersion, Repositories: repositories },
      Packages: Object.fromEntries(entries),
    },
    undefined,
    2,
  )
}

function recordOf({ name, version, checksum, record }: LockedPackage): object {
  const plain = { Package: name, Version: version, Source: 'Repository', Repository: 'CRAN' }
  return { ...(record ?? plain), ...(checksum && { MD5sum: checksum }) }
}
