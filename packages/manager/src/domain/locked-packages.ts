import type { LockedPackage } from '../spawner/package-lock.ts'
import { isInstallable } from './declared-packages.ts'

export interface LockFile {
  packages: LockedPackage[]
  rVersion: string | null
  /** Names of those that come from where a build takes nothing: a folder, any address. */
  refused: string[]
}

const versionText = /^\d+(?:[.-]\d+)+$/
const fieldText = /^[\w.:/@+#~ -]{1,200}$/
/** Fields that renv needs to find a package of a git host. */
const remoteFields = [
  'RemoteType',
  'RemoteHost',
  'RemoteUsername',
  'RemoteRepo',
  'RemoteSubdir',
  'RemoteRef',
  'RemoteSha',
] as const
const gitHosts: Record<string, string> = { github: 'GitHub', gitlab: 'GitLab', bitbucket: 'Bitbucket' }

/** Undefined when the text is no `renv.lock`. */
export function readRenvLock(text: string): LockFile | undefined {
  const lock = objectOf(parseJson(text))
  const packages = objectOf(lock?.Packages)
  if (!lock || !packages) return undefined
  return lockFile(objectOf(lock.R)?.Version, Object.entries(packages), (entry) => ({
    version: entry.Version,
    source: entry.Source,
    fields: entry,
  }))
}

/** `manifest.json` of rsconnect; undefined when it is another one, such as a web app's. */
export function readManifest(text: string): LockFile | undefined {
  const manifest = objectOf(parseJson(text))
  const packages = objectOf(manifest?.packages)
  if (!manifest || !packages || typeof manifest.platform !== 'string') return undefined
  return lockFile(manifest.platform, Object.entries(packages), (entry) => {
    const description = objectOf(entry.description) ?? {}
    return { version: description.Version, source: entry.Source, fields: description }
  })
}

/** `pkg.lock` of pak; undefined when the text is none. */
export function readPakLock(text: string): LockFile | undefined {
  const lock = objectOf(parseJson(text))
  if (!lock || !Array.isArray(lock.packages) || lock.lockfile_version === undefined) return undefined
  const entries = lock.packages.flatMap((item: unknown): [string, unknown][] => {
    const entry = objectOf(item)
    return entry ? [[String(entry.package), entry]] : []
  })
  const [rVersion] = /\d+\.\d+\.\d+/.exec(String(lock.r_version)) ?? []
  return lockFile(rVersion, entries, (entry) => ({
    version: entry.version,
    source: entry.type === 'standard' ? 'CRAN' : entry.type,
    fields: objectOf(entry.metadata) ?? {},
  }))
}

interface LockEntry {
  version: unknown
  source: unknown
  fields: Record<string, unknown>
}

function lockFile(
  rVersion: unknown,
  entries: [string, unknown][],
  read: (entry: Record<string, unknown>) => LockEntry,
): LockFile {
  const packages: LockedPackage[] = []
  const refused: string[] = []
  for (const [name, value] of entries.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (!isInstallable(name)) continue
    const locked = lockedPackage(name, read(objectOf(value) ?? {}))
    if (locked) packages.push(locked)
    else refused.push(name)
  }
  const exact = typeof rVersion === 'string' && /^\d+\.\d+\.\d+$/.test(rVersion)
  return { packages, refused, rVersion: exact ? rVersion : null }
}

/** Undefined when it would lead somewhere that is not allowed. */
function lockedPackage(name: string, { version, source, fields }: LockEntry): LockedPackage | undefined {
  if (typeof version !== 'string' || !versionText.test(version)) return undefined
  const kind = typeof source === 'string' ? source.toLowerCase() : ''
  // As our own lock files have it.
  const { MD5sum: sum } = fields
  const checksum = typeof sum === 'string' && /^[0-9a-f]{32}$/.test(sum) ? sum : ''
  const locked = { name, version, source: '', checksum }
  // Whatever its lock calls the repository: a build asks the one that is configured.
  if (/^(?:repository|cran|rspm|p3m|standard)$/.test(kind)) return locked
  if (/^bioc/.test(kind)) return { ...locked, record: { Package: name, Version: version, Source: 'Bioconductor' } }
  const host = gitHosts[kind]
  const remote = remoteFields.flatMap((field): [string, string][] => {
    const text = fields[field]
    return typeof text === 'string' && fieldText.test(text) ? [[field, text]] : []
  })
  const isNamed = ['RemoteUsername', 'RemoteRepo'].every((field) => remote.some(([known]) => known === field))
  if (!host || !isNamed) return undefined
  return { ...locked, record: { Package: name, Version: version, Source: host, ...Object.fromEntries(remote) } }
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
