import type { InstalledPackage } from '../../image-builder.ts'
import { SpawnerError } from '../../spawner.ts'

export interface LockedPackage {
  name: string
  version: string
  /** Where it comes from. */
  source: string
  checksum: string
}

/** What `resolve.R` decided. */
export interface PackageLock {
  /** pak keeps a cache that install scripts can write to; base R keeps none. */
  resolver: 'pak' | 'base'
  packages: LockedPackage[]
  /** Debian packages that the R packages ask for. */
  systemPackages: string[]
}

const systemPackageName = /^[a-z0-9][a-z0-9+.-]+$/

export function parseLock(text: string): PackageLock {
  const lock = parseObject(text)
  const names = listOf(lock.systemPackages).filter((name) => typeof name === 'string')
  return {
    resolver: lock.resolver === 'pak' ? 'pak' : 'base',
    packages: listOf(lock.packages).map((entry) => ({
      name: textOf(entry, 'name'),
      version: textOf(entry, 'version'),
      source: textOf(entry, 'source'),
      checksum: textOf(entry, 'checksum'),
    })),
    // A database on the internet has named them; apt-get reads a leading `-` as an option.
    systemPackages: names.filter((name) => systemPackageName.test(name)),
  }
}

export function parseInstalled(text: string): InstalledPackage[] {
  const installed = listOf(JSON.parse(text)).map((entry) => ({
    name: textOf(entry, 'name'),
    version: textOf(entry, 'version'),
  }))
  return installed.sort((a, b) => a.name.localeCompare(b.name, 'en'))
}

function parseObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) throw unreadable()
  return { ...value }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function textOf(entry: unknown, key: string): string {
  const value = typeof entry === 'object' && entry !== null ? new Map(Object.entries(entry)).get(key) : undefined
  if (typeof value !== 'string') throw unreadable()
  return value
}

const unreadable = () => new SpawnerError('internal', 'a build script answered something unreadable')
