import type { DeploymentStatus } from '@rserve-proxy/contract/deployments.ts'
import type { FailureCode } from '@rserve-proxy/contract/failures.ts'
import type { ObservedWorkload, PhaseTimes, Replica, WorkloadSpec } from '../spawner/spawner.ts'
import { type CrashChange, type Crashes, countCrashes, replicasOf } from './crashes.ts'

export interface Rollout {
  deploymentId: string
  status: DeploymentStatus
  spec: WorkloadSpec
  times: PhaseTimes
  /** Of a live one whose replicas have died before. */
  crashes?: Crashes
}

/** What the rows ask of one app. */
export interface DesiredApp {
  appId: string
  state: 'running' | 'stopped' | 'deleted'
  live: Rollout | undefined
  /** The deployment that is starting, verifying or switching. */
  rollout: Rollout | undefined
  /** The newest deployment that has its release and waits for its turn. */
  readyId: string | undefined
  /** A stop that is still pending. */
  stopId: string | undefined
}

export interface PendingFailure {
  code: FailureCode
  /** Undefined: the log of the replica tells. */
  exit?: Replica['exit']
  replicaId?: string
}

export type AppAction =
  | { type: 'remove'; graceMs: number }
  | { type: 'stopped'; deploymentId: string | undefined }
  | { type: 'purge' }
  | { type: 'discard'; generation: number }
  | { type: 'begin'; deploymentId: string }
  | { type: 'apply'; rollout: Rollout }
  | { type: 'advance'; deploymentId: string; status: 'verifying' | 'switching'; times: PhaseTimes }
  | { type: 'live'; rollout: Rollout; times: PhaseTimes }
  | { type: 'crashes'; rollout: Rollout; change: CrashChange }
  | { type: 'fail'; rollout: Rollout; failure: PendingFailure }

/** Sessions of a stopped or deleted app get this long (api.md). */
const STOP_GRACE_MS = 10_000

/**
 * What to do next for one app. Pure: rows and the engine's picture in, actions out; a killed manager plans the same
 * again. Unknown never gets here: without a full look at the engine nothing is planned.
 */
export function planApp(desired: DesiredApp, observed: ObservedWorkload | undefined, now: Date): AppAction[] {
  if (desired.state !== 'running') return planRemoval(desired, observed)
  const strangers = discards(desired, observed)
  if (strangers.length > 0) return strangers
  if (desired.rollout) return planRollout(desired.rollout, observed, now)
  if (desired.readyId) return [{ type: 'begin', deploymentId: desired.readyId }]
  return desired.live ? keepLive(desired.live, observed, now) : []
}

function planRemoval({ state, stopId, live }: DesiredApp, observed: ObservedWorkload | undefined): AppAction[] {
  if (observed && observed.phase !== 'absent') return [{ type: 'remove', graceMs: STOP_GRACE_MS }]
  if (state === 'deleted') return [{ type: 'purge' }]
  return stopId || live ? [{ type: 'stopped', deploymentId: stopId }] : []
}

/** Generations that are neither live nor being rolled out nor older than those: a failed or cancelled rollout. */
function discards({ live, rollout }: DesiredApp, observed: ObservedWorkload | undefined): AppAction[] {
  const known = [live?.spec.generation ?? 0, rollout?.spec.generation ?? 0]
  const seen = new Set(observed?.replicas.map((replica) => replica.generation))
  const newestKept = Math.max(...known)
  return [...seen]
    .filter((generation) => !known.includes(generation) && (generation > newestKept || (!live && !rollout)))
    .map((generation) => ({ type: 'discard', generation }))
}

function keepLive(live: Rollout, observed: ObservedWorkload | undefined, now: Date): AppAction[] {
  const { spec, times, crashes: known } = live
  const replicas = replicasOf(observed, spec.generation, spec.replicas)
  const change = countCrashes({ known, times, replicas, wanted: spec.replicas, now })
  if (!change) return [{ type: 'apply', rollout: live }]
  const held = withHold(times, change.holdUntil)
  return [
    { type: 'crashes', rollout: live, change },
    { type: 'apply', rollout: { ...live, times: held } },
  ]
}

/** In a crash loop what has ended is not started before `holdUntil`. */
export function withHold({ holdUntil: _, ...times }: PhaseTimes, holdUntil: string | undefined): PhaseTimes {
  return { ...times, ...(holdUntil !== undefined && { holdUntil }) }
}

function planRollout(rollout: Rollout, observed: ObservedWorkload | undefined, now: Date): AppAction[] {
  const { spec, times } = rollout
  const mine = observed?.replicas.filter((replica) => replica.generation === spec.generation) ?? []
  const isRouted = observed?.generation === spec.generation && mine.every((replica) => replica.isRouted)
  const failure = failureOf(rollout, mine, isRouted, now)
  if (failure) return [{ type: 'fail', rollout, failure }]
  const step = nextStep(rollout, mine, isRouted, now)
  const apply: AppAction = { type: 'apply', rollout: { ...rollout, times: step?.times ?? times } }
  return step ? [step, apply] : [apply]
}

function failureOf(
  { spec, times }: Rollout,
  mine: Replica[],
  isRouted: boolean,
  now: Date,
): PendingFailure | undefined {
  const dead = mine.find((replica) => replica.health === 'exited')
  if (dead) {
    const code = dead.exit?.outOfMemory ? 'out-of-memory' : 'code-does-not-load'
    return { code, replicaId: dead.id, ...(dead.exit && { exit: dead.exit }) }
  }
  const isLate = now.getTime() - Date.parse(times.startedAt) > spec.rollout.deadlineMs
  const sick = mine.find((replica) => replica.health !== 'healthy')
  // Late but serving: the manager was away, not the app.
  const serves = mine.length > 0 && !sick && (isRouted || times.routedAt !== undefined)
  if (!isLate || serves) return undefined
  const shown = sick ?? mine[0]
  return { code: 'never-healthy', ...(shown && { replicaId: shown.id }) }
}

function nextStep(
  rollout: Rollout,
  mine: Replica[],
  isRouted: boolean,
  now: Date,
): (AppAction & { times: PhaseTimes }) | undefined {
  const { deploymentId, status, spec, times } = rollout
  const allHealthy = mine.length === spec.replicas && mine.every((replica) => replica.health === 'healthy')
  if (status === 'starting' && mine.length === spec.replicas)
    return { type: 'advance', deploymentId, status: 'verifying', times }
  if (status === 'verifying' && allHealthy) return { type: 'advance', deploymentId, status: 'switching', times }
  if (status !== 'switching') return undefined
  // It bakes in one piece: what falls ill begins anew, until the deadline.
  if (!allHealthy)
    return times.routedAt ? { type: 'advance', deploymentId, status, times: withoutRoute(times) } : undefined
  if (!times.routedAt) {
    return isRouted
      ? { type: 'advance', deploymentId, status: 'switching', times: { ...times, routedAt: now.toISOString() } }
      : undefined
  }
  const bakedMs = now.getTime() - Date.parse(times.routedAt)
  return bakedMs < spec.rollout.bakeMs
    ? undefined
    : { type: 'live', rollout, times: { ...times, liveAt: now.toISOString() } }
}

const withoutRoute = ({ startedAt }: PhaseTimes): PhaseTimes => ({ startedAt })
