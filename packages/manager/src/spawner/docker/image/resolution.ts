import type { PackageLock } from '../../package-lock.ts'
import { SpawnerError } from '../../spawner.ts'

/** What `resolve.R` decided, of everything that a lock holds. */
export type Resolution = Pick<PackageLock, 'resolver' | 'repository' | 'packages' | 'systemPackages'>

export const systemPackageName = /^[a-z0-9][a-z0-9+.-]+$/

export function parseResolution(text: string): Resolution {
  const answer = parseObject(text)
  const names = listOf(answer.systemPackages).filter((name) => typeof name === 'string')
  return {
    resolver: answer.resolver === 'pak' ? 'pak' : 'renv',
    repository: textOf(answer, 'repository'),
    packages: listOf(answer.packages).map((entry) => ({
      name: textOf(entry, 'name'),
      version: textOf(entry, 'version'),
      source: textOf(entry, 'source'),
      checksum: textOf(entry, 'checksum'),
    })),
    // A database on the internet has named them; apt-get reads a leading `-` as an option.
    systemPackages: names.filter((name) => systemPackageName.test(name)),
  }
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
