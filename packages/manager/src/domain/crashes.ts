import type { ObservedWorkload, PhaseTimes, Replica } from '../spawner/spawner.ts'

/** How often the replicas of a live deployment died, and what the last death was like. Stored with the deployment. */
export interface Crashes {
  /** Restarts that were counted already, by replica id. */
  seen: Record<string, number>
  /** Times (ISO) of the deaths of the last ten minutes. */
  deaths: string[]
  /** Set while it is a crash loop. */
  loopSince?: string
  /** In a crash loop: since when every replica has been healthy. */
  healthySince?: string
  last?: Death
}

export interface Death {
  at: string
  replicaId: string
  /** It ended, one session of it was killed, or it stopped answering and was restarted. */
  kind: 'exit' | 'session' | 'unhealthy'
  exitCode: number | null
  outOfMemory: boolean
  lastLines: string[]
}

/** More deaths than this within `windowMs` are a crash loop (reliability.md §2.9). */
export const toleratedDeaths = 5
export const windowMs = 10 * 60_000
/** In a crash loop: one try each. */
export const retryMs = 5 * 60_000

export interface CrashFacts {
  known: Crashes | undefined
  times: PhaseTimes
  replicas: Replica[]
  wanted: number
  now: Date
}

export interface CrashChange {
  crashes: Crashes
  holdUntil: string | undefined
}

/** Pure: what the last look adds to what is known; undefined when that is nothing. */
export function countCrashes(facts: CrashFacts): CrashChange | undefined {
  const counted = countDeaths(facts)
  if (counted.loopSince !== undefined) return inLoop(facts, counted)
  if (counted.deaths.length > toleratedDeaths) return beginLoop(counted, facts.now)
  return counted === (facts.known ?? none) ? undefined : { crashes: counted, holdUntil: undefined }
}

/** Restarts that we ask for ourselves are not in the engine's count. */
export function addDeaths(known: Crashes | undefined, count: number, now: Date): Crashes {
  const { deaths, ...rest } = known ?? none
  const recent = deaths.filter((at) => now.getTime() - Date.parse(at) < windowMs)
  return { ...rest, deaths: [...recent, ...Array.from({ length: count }, () => now.toISOString())] }
}

const none: Crashes = { seen: {}, deaths: [] }

function countDeaths({ known, replicas, now }: CrashFacts): Crashes {
  const before = known ?? none
  const fresh = replicas.filter(({ id, restarts }) => restarts !== (before.seen[id] ?? 0))
  if (fresh.length === 0) return before
  // The engine begins to count anew when somebody starts the container by hand.
  const added = fresh.map(({ id, restarts }) => restarts - (before.seen[id] ?? 0)).map((more) => Math.max(0, more))
  const seen = Object.fromEntries(replicas.map(({ id, restarts }) => [id, restarts]))
  const count = added.reduce((sum, more) => sum + more, 0)
  return { ...addDeaths(before, Math.min(count, toleratedDeaths + 1), now), seen }
}

function beginLoop(crashes: Crashes, now: Date): CrashChange {
  return { crashes: { ...crashes, loopSince: now.toISOString() }, holdUntil: after(now, retryMs) }
}

function inLoop({ known, times, replicas, wanted, now }: CrashFacts, counted: Crashes): CrashChange | undefined {
  const isHealthy = replicas.length >= wanted && replicas.every(({ health }) => health === 'healthy')
  const healthySince = isHealthy ? (counted.healthySince ?? now.toISOString()) : undefined
  if (healthySince && now.getTime() - Date.parse(healthySince) >= windowMs) return recovered(counted)
  const { healthySince: _, ...rest } = counted
  const crashes = { ...rest, ...(healthySince && { healthySince }) }
  const holdUntil = nextTry(times, replicas, now)
  const isSame = counted === known && healthySince === counted.healthySince && holdUntil === times.holdUntil
  return isSame ? undefined : { crashes, holdUntil }
}

function recovered({ seen, last }: Crashes): CrashChange {
  return { crashes: { seen, deaths: [], ...(last && { last }) }, holdUntil: undefined }
}

/** Once a try has begun, the next one is due after the pause. */
function nextTry({ holdUntil }: PhaseTimes, replicas: Replica[], now: Date): string {
  if (holdUntil === undefined) return after(now, retryMs)
  const isDue = now.getTime() >= Date.parse(holdUntil)
  const hasBegun = replicas.some(
    ({ startedAt }) => startedAt !== undefined && Date.parse(startedAt) >= Date.parse(holdUntil),
  )
  return isDue && hasBegun ? after(now, retryMs) : holdUntil
}

const after = (now: Date, ms: number) => new Date(now.getTime() + ms).toISOString()

/** The replicas that count: of the live generation, and meant to stay. */
export function replicasOf(observed: ObservedWorkload | undefined, generation: number, wanted: number): Replica[] {
  return observed?.replicas.filter((replica) => replica.generation === generation && replica.index <= wanted) ?? []
}
