import { createHash } from 'node:crypto'
import type { App } from '@rserve-proxy/contract/apps.ts'

/**
 * The version decides If-Match. What is derived (status, deployment) changes without it, so a digest of the whole
 * answer follows: a client that asks with If-None-Match must not be told that a status it never saw is unchanged.
 */
export function entityTag(app: App) {
  const digest = createHash('sha256').update(JSON.stringify(app)).digest('base64url').slice(0, 16)
  return `"${app.version}-${digest}"`
}

/** Version that If-Match asks for. A tag that was never ours matches nothing: 0, because versions begin at 1. */
export function versionOf(ifMatch: string | undefined) {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined
  return Number(/^"(\d{1,9})(?:-[\w-]+)?"$/.exec(ifMatch.trim())?.[1] ?? 0)
}
