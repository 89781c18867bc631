import { isDeepStrictEqual } from 'node:util'
import type { DrainingReplica, ObservedWorkload } from '../spawner/spawner.ts'

/** The last full look at the engine: what every status is derived from. */
export interface Observation {
  /** Undefined while the engine answers; else since when it does not (ISO). */
  unknownSince(): string | undefined
  of(appId: string): ObservedWorkload | undefined
  /** Answers the apps that look different than before: all of them when the engine had not answered. */
  seen(workloads: ObservedWorkload[]): string[]
  /** What is on its way out, as the last step for this app has seen it; true when that is new. */
  setDraining(appId: string, draining: DrainingReplica[]): boolean
  /** Undefined: nothing drains. Sessions are null when the engine could not count all of them. */
  drainOf(appId: string): { sessions: number | null; until: string } | undefined
  /** How many sessions somebody has just seen; true when that is new. */
  setSessions(appId: string, sessions: number, now: Date): boolean
  /** Undefined: nobody has looked since the app last served nothing. */
  sessionsOf(appId: string): { sessions: number; at: string } | undefined
  /** Answers the apps whose state is unknown from now on; none when that was so before. */
  lost(now: Date): string[]
  /** True after the first full look, whatever happened since. */
  hasLooked(): boolean
}

export function createObservation(startedAt: Date): Observation {
  const drains = new Map<string, DrainingReplica[]>()
  const samples = new Map<string, { sessions: number; at: string }>()
  let workloads = new Map<string, ObservedWorkload>()
  let unknownSince: string | undefined = startedAt.toISOString()
  let looked = false
  return {
    unknownSince: () => unknownSince,
    of: (appId) => workloads.get(appId),
    seen(list) {
      const before = workloads
      workloads = new Map(list.map((workload) => [workload.appId, workload]))
      const appIds = [...new Set([...before.keys(), ...workloads.keys()])]
      const changed = unknownSince
        ? appIds
        : appIds.filter((appId) => !isDeepStrictEqual(before.get(appId), workloads.get(appId)))
      unknownSince = undefined
      looked = true
      for (const appId of samples.keys()) if (!workloads.get(appId)?.replicas.length) samples.delete(appId)
      return changed
    },
    setDraining(appId, draining) {
      const before = drains.get(appId) ?? []
      if (draining.length > 0) drains.set(appId, draining)
      else drains.delete(appId)
      return !isDeepStrictEqual(before, draining)
    },
    drainOf(appId) {
      const draining = drains.get(appId)
      const until = draining
        ?.map(({ endsAt }) => endsAt)
        .toSorted()
        .at(-1)
      if (!draining || until === undefined) return undefined
      const counts = draining.map(({ sessions }) => sessions)
      const isCounted = counts.every((count) => count !== undefined)
      return { sessions: isCounted ? counts.reduce((sum, count) => sum + (count ?? 0), 0) : null, until }
    },
    setSessions(appId, sessions, now) {
      const isNew = samples.get(appId)?.sessions !== sessions
      samples.set(appId, { sessions, at: now.toISOString() })
      return isNew
    },
    sessionsOf: (appId) => samples.get(appId),
    lost(now) {
      if (unknownSince) return []
      unknownSince = now.toISOString()
      return [...workloads.keys()]
    },
    hasLooked: () => looked,
  }
}
