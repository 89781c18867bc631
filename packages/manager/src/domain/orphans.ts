/** Since when apps without a row were seen on the engine, in ms of a clock that nobody sets. */
export type OrphansSince = ReadonlyMap<string, number>

/** Time for a person to notice that the manager reads another database than it should. */
const graceMs = 10 * 60_000

export interface OrphanLook {
  /** Apps of this installation that a full look at the engine has found. */
  onEngine: string[]
  /** Apps of the database. */
  known: ReadonlySet<string>
  before: OrphansSince
  elapsedMs: number
}

/**
 * Pure: what may be removed is due when it was there in two full looks ten minutes apart, and in every look between
 * them. An empty database proves nothing: it may be the wrong one.
 */
export function findOrphans({ onEngine, known, before, elapsedMs }: OrphanLook): {
  since: OrphansSince
  due: string[]
} {
  const orphans = onEngine.filter((appId) => !known.has(appId))
  const since = new Map(orphans.map((appId) => [appId, before.get(appId) ?? elapsedMs]))
  if (known.size === 0) return { since, due: [] }
  return { since, due: orphans.filter((appId) => elapsedMs - (since.get(appId) ?? elapsedMs) >= graceMs) }
}
