import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Release } from '@rserve-proxy/contract/releases.ts'

const names = {
  rVersion: 'R version',
  packages: 'packages',
  systemPackages: 'system packages',
  entryScript: 'entry script',
  mode: 'how it answers',
  resources: 'limits',
  drainSeconds: 'drain limit',
  startTimeoutSeconds: 'start limit',
  egress: 'way out',
  reuseConnections: 'connection reuse',
} satisfies Partial<Record<keyof App, string>>

/** Names of the settings that are saved but not in the live release. */
export function changedSettings(app: App, release: Release | null): string[] {
  if (!release) return []
  const saved = new Map<string, unknown>(Object.entries(app))
  return Object.entries(names).flatMap(([key, name]) =>
    key in release.settings && !isSame(key, saved.get(key), release.settings[key]) ? [name] : [],
  )
}

function isSame(key: string, saved: unknown, live: unknown) {
  // "latest" and "4.5" ask for whatever was newest; the release knows the exact version.
  if (key === 'rVersion') return saved === 'latest' || live === saved || String(live).startsWith(`${saved}.`)
  return JSON.stringify(saved) === JSON.stringify(live)
}
