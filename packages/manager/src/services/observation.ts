import type { ObservedWorkload } from '../spawner/spawner.ts'

/** The last full look at the engine: what every status is derived from. */
export interface Observation {
  /** Undefined while the engine answers; else since when it does not (ISO). */
  unknownSince(): string | undefined
  of(appId: string): ObservedWorkload | undefined
  seen(workloads: ObservedWorkload[]): void
  lost(now: Date): void
  /** True after the first full look, whatever happened since. */
  hasLooked(): boolean
}

export function createObservation(startedAt: Date): Observation {
  let workloads = new Map<string, ObservedWorkload>()
  let unknownSince: string | undefined = startedAt.toISOString()
  let looked = false
  return {
    unknownSince: () => unknownSince,
    of: (appId) => workloads.get(appId),
    seen(list) {
      workloads = new Map(list.map((workload) => [workload.appId, workload]))
      unknownSince = undefined
      looked = true
    },
    lost(now) {
      unknownSince ??= now.toISOString()
    },
    hasLooked: () => looked,
  }
}
