import { isDeepStrictEqual } from 'node:util'
import type { AppRow } from '../repositories/apps.ts'
import type { ReleaseRow } from '../repositories/releases.ts'

/** What a running container gets from outside its image; everything else needs a build. */
const withoutBuild = ['resources', 'drainSeconds', 'startTimeoutSeconds', 'egress', 'reuseConnections'] as const
const withBuild = ['entryScript', 'mode', 'packages', 'systemPackages'] as const

type Settings = ReleaseRow['settings']

const differs = (row: AppRow, settings: Settings) => (name: keyof Settings & keyof AppRow) =>
  !isDeepStrictEqual(row[name], settings[name])

/** Names of saved settings that the release does not have. The exact R version of a release fits a shorter wish. */
export function pendingSettings(row: AppRow, release: ReleaseRow | undefined): string[] {
  if (!release) return []
  const { settings } = release
  const isR = row.rVersion === 'latest' || `${settings.rVersion}.`.startsWith(`${row.rVersion}.`)
  return [...[...withoutBuild, ...withBuild].filter(differs(row, settings)), ...(isR ? [] : ['rVersion'])]
}

/** The release's settings with those of the app that need no build; undefined when that changes nothing. */
export function appliedSettings(row: AppRow, { settings }: ReleaseRow): Settings | undefined {
  if (!withoutBuild.some(differs(row, settings))) return undefined
  const { resources, drainSeconds, startTimeoutSeconds, egress, reuseConnections } = row
  return { ...settings, resources, drainSeconds, startTimeoutSeconds, egress, reuseConnections }
}
