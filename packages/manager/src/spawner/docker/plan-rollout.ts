import { type PhaseTimes, SpawnerError, type WorkloadSpec } from '../spawner.ts'
import type { AppContainer } from './app-container.ts'
import { containerName } from './labels.ts'

export interface ObservedRollout {
  /** Containers of every generation of this app. */
  containers: AppContainer[]
  network: {
    exists: boolean
    /** Running proxies; their replicas cannot be reached before they share the network. */
    proxies: number
    detachedProxies: number
  }
}

export type RolloutAction =
  | { type: 'ensure-network' }
  | { type: 'create'; index: number }
  | { type: 'start'; containers: string[] }
  | { type: 'promote'; container: AppContainer }
  /** Asked once and not waited for: the supervisor drains. */
  | { type: 'stop'; container: AppContainer }
  | { type: 'remove'; container: AppContainer }

/**
 * The next safe step towards `desired`. Pure: what is recomputed from labels and stored times resumes after a killed
 * manager. Throws when the observed containers forbid the step.
 */
export function planRollout(desired: WorkloadSpec, observed: ObservedRollout, times: PhaseTimes): RolloutAction[] {
  refuseConflicts(desired, observed)
  const network = planNetwork(desired, observed)
  const created = planCreates(desired, observed)
  const started = planStarts(desired, observed, times)
  return [
    ...network,
    ...created,
    ...started,
    ...planPromotes(desired, observed, times),
    ...planRetirement(desired, observed, times),
  ]
}

/** Nothing is left to do, now or later: the wanted replicas run as live ones, nothing else exists. */
export function isSettled(desired: WorkloadSpec, observed: ObservedRollout, times: PhaseTimes): boolean {
  const wanted = wantedOf(desired, observed)
  return (
    times.liveAt !== undefined &&
    planRollout(desired, observed, times).length === 0 &&
    wanted.length === desired.replicas &&
    wanted.length === observed.containers.length
  )
}

function refuseConflicts(desired: WorkloadSpec, { containers }: ObservedRollout) {
  const present = containers.filter(({ state }) => state !== 'removing')
  const newest = Math.max(0, ...present.map((container) => container.generation))
  if (newest > desired.generation) {
    throw new SpawnerError('stale-generation', `generation ${newest} exists, ${desired.generation} is older`)
  }
  const stranger = ofGeneration(desired, containers).find(
    (container) => container.specHash !== desired.specHash || container.routeHash !== desired.route.routeHash,
  )
  if (stranger) {
    throw new SpawnerError('name-taken', `${stranger.name} was made from another spec: labels are fixed at creation`)
  }
}

function planNetwork({ replicas }: WorkloadSpec, { network }: ObservedRollout): RolloutAction[] {
  const isComplete = network.exists && network.detachedProxies === 0
  return replicas === 0 || isComplete ? [] : [{ type: 'ensure-network' }]
}

function planCreates(desired: WorkloadSpec, observed: ObservedRollout): RolloutAction[] {
  const missing = missingIndexes(desired, observed)
  if (missing.length > 0 && observed.network.proxies === 0) {
    throw new SpawnerError('unavailable', 'no running proxy container of this installation: nothing could be routed')
  }
  return missing.map((index) => ({ type: 'create', index }))
}

function planStarts(desired: WorkloadSpec, observed: ObservedRollout, times: PhaseTimes): RolloutAction[] {
  const fresh = missingIndexes(desired, observed).map((index) =>
    containerName(desired.appId, desired.generation, index),
  )
  // Before it is live, an exit is the rollout's failure and not ours to repair.
  const asleep = wantedOf(desired, observed).filter(
    ({ state }) => state === 'created' || (state === 'exited' && times.liveAt !== undefined),
  )
  const containers = [...asleep.map((container) => container.name), ...fresh]
  return containers.length === 0 ? [] : [{ type: 'start', containers }]
}

function planPromotes(desired: WorkloadSpec, observed: ObservedRollout, { liveAt }: PhaseTimes): RolloutAction[] {
  if (liveAt === undefined) return []
  const waiting = wantedOf(desired, observed).filter((container) => !container.isPromoted)
  return waiting.map((container) => ({ type: 'promote', container }))
}

function planRetirement(desired: WorkloadSpec, observed: ObservedRollout, { liveAt }: PhaseTimes): RolloutAction[] {
  const wanted = wantedOf(desired, observed)
  const serves = desired.replicas === 0 || wanted.some((container) => container.health === 'healthy')
  // The old generation is what the proxy falls back to while the new one is not healthy.
  if (liveAt === undefined || !serves) return []
  return observed.containers.filter((container) => !wanted.includes(container)).flatMap(retire)
}

/** One step of taking a container away; none while the engine is at it. */
export function retire(container: AppContainer): RolloutAction[] {
  const isRunning = ['running', 'restarting', 'paused'].includes(container.state)
  if (isRunning) return container.isStopping ? [] : [{ type: 'stop', container }]
  return container.state === 'removing' ? [] : [{ type: 'remove', container }]
}

const ofGeneration = ({ generation }: WorkloadSpec, containers: AppContainer[]) =>
  containers.filter((container) => container.generation === generation)

const wantedOf = (desired: WorkloadSpec, { containers }: ObservedRollout) =>
  ofGeneration(desired, containers).filter(({ index }) => index <= desired.replicas)

function missingIndexes(desired: WorkloadSpec, observed: ObservedRollout): number[] {
  const present = new Set(wantedOf(desired, observed).map((container) => container.index))
  const indexes = Array.from({ length: desired.replicas }, (_, place) => place + 1)
  return indexes.filter((index) => !present.has(index))
}
