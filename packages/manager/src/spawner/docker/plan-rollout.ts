import { type Applied, type PhaseTimes, SpawnerError, type WorkloadSpec } from '../spawner.ts'
import type { AppContainer } from './app-container.ts'
import { containerName } from './labels.ts'
import { drainsOf, isRunning, planRetirement } from './plan-retirement.ts'

export interface ObservedRollout {
  /** Containers of every generation of this app. */
  containers: AppContainer[]
  network: {
    /** Undefined: there is none. */
    id: string | undefined
    /** Running proxies; their replicas cannot be reached before they share the network. */
    proxies: number
    detachedProxies: number
    /** Names of the app's networks with other egress. */
    others: string[]
  }
}

export type RolloutAction =
  | { type: 'ensure-network' }
  | { type: 'remove-network'; name: string }
  | { type: 'create'; index: number }
  | { type: 'start'; containers: string[] }
  | { type: 'unpause'; container: AppContainer }
  /** The engine restarts it after a crash, or no longer does. */
  | { type: 'promote' | 'demote'; container: AppContainer }
  /** Asked once and not waited for: it stopped answering. */
  | { type: 'restart'; container: AppContainer }
  /** Its health says so from now on: the proxy sends it no new requests, open sessions live on. */
  | { type: 'drain' | 'undrain'; container: AppContainer }
  /** Asked once and not waited for: the supervisor gives what is left its short grace. */
  | { type: 'stop'; container: AppContainer }
  | { type: 'remove'; container: AppContainer }

/** What a plan is made from. */
export interface RolloutSituation {
  desired: WorkloadSpec
  observed: ObservedRollout
  times: PhaseTimes
  /** Milliseconds since 1970, as everything in the plan. */
  now: number
}

/**
 * The next safe steps towards `desired`. Pure: what is recomputed from labels and stored times resumes after a killed
 * manager. Throws when the observed containers forbid the step.
 */
export function planRollout(situation: RolloutSituation): RolloutAction[] {
  refuseConflicts(situation)
  return [
    ...planNetwork(situation),
    ...planReplacements(situation),
    ...planCreates(situation),
    ...planWakes(situation),
    ...planStarts(situation),
    ...planPolicies(situation),
    ...planRepairs(situation),
    ...planRetirement(situation, wantedOf(situation)),
    ...planOtherNetworks(situation),
  ]
}

/** Nothing is left to do, now or later: the wanted replicas run as live ones, nothing else exists. */
export function isSettled(situation: RolloutSituation): boolean {
  const { desired, observed, times } = situation
  const wanted = wantedOf(situation)
  return (
    times.liveAt !== undefined &&
    planRollout(situation).length === 0 &&
    wanted.length === desired.replicas &&
    wanted.length === observed.containers.length
  )
}

/** What a caller needs to know of one applied plan. */
export function appliedFrom(situation: RolloutSituation, actions: RolloutAction[]): Applied {
  const draining = drainsOf(situation).filter(({ container }) => isRunning(container))
  return {
    changed: actions.length > 0,
    settled: isSettled(situation),
    draining: draining.map(({ container, endsAt }) => ({
      replicaId: container.id,
      generation: container.generation,
      sessions: container.sessions,
      endsAt: new Date(endsAt).toISOString(),
    })),
    restarted: actions.flatMap((action) => (action.type === 'restart' ? [action.container.id] : [])),
  }
}

/** The replicas that should exist and can be reached, or will be once they are started. */
export function wantedOf({ desired, observed }: Pick<RolloutSituation, 'desired' | 'observed'>): AppContainer[] {
  return numbered(desired, observed).filter(
    (container) => container.state !== 'removing' && !isLost(container, desired, observed),
  )
}

function refuseConflicts({ desired, observed: { containers } }: RolloutSituation) {
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

function planNetwork({ desired, observed: { network } }: RolloutSituation): RolloutAction[] {
  const isComplete = network.id !== undefined && network.detachedProxies === 0
  return desired.replicas === 0 || isComplete ? [] : [{ type: 'ensure-network' }]
}

/** Another egress is another network: the old one goes with the last replica on it. */
function planOtherNetworks({ observed: { containers, network }, times }: RolloutSituation): RolloutAction[] {
  if (times.liveAt === undefined) return []
  const used = new Set(containers.flatMap(({ networks }) => Object.keys(networks)))
  return network.others.filter((name) => !used.has(name)).map((name) => ({ type: 'remove-network', name }))
}

/** A replica without the app's network can never be reached again: the engine keeps the network's id in it. */
function planReplacements({ desired, observed }: RolloutSituation): RolloutAction[] {
  const lost = numbered(desired, observed).filter(
    (container) => container.state !== 'removing' && isLost(container, desired, observed),
  )
  return lost.map((container) => ({ type: 'remove', container }))
}

function planCreates(situation: RolloutSituation): RolloutAction[] {
  const missing = missingIndexes(situation)
  if (missing.length > 0 && situation.observed.network.proxies === 0) {
    throw new SpawnerError('unavailable', 'no running proxy container of this installation: nothing could be routed')
  }
  return missing.map((index) => ({ type: 'create', index }))
}

/** Somebody paused it. Also before a stop: a paused process hears no signal. */
function planWakes({ observed }: RolloutSituation): RolloutAction[] {
  const paused = observed.containers.filter(({ state }) => state === 'paused')
  return paused.map((container) => ({ type: 'unpause', container }))
}

function planStarts(situation: RolloutSituation): RolloutAction[] {
  const { desired, times } = situation
  const fresh = missingIndexes(situation).map((index) => containerName(desired.appId, desired.generation, index))
  // Before it is live, an exit is the rollout's failure and not ours to repair.
  const mayRestart = times.liveAt !== undefined && isHoldOver(situation)
  const asleep = wantedOf(situation).filter(
    ({ state }) => state === 'created' || (mayRestart && ['exited', 'dead'].includes(state)),
  )
  const containers = [...asleep.map((container) => container.name), ...fresh]
  return containers.length === 0 ? [] : [{ type: 'start', containers }]
}

/** Who starts it after a crash: the engine, or in a crash loop the caller's next try. Never both. */
function planPolicies(situation: RolloutSituation): RolloutAction[] {
  const { liveAt, holdUntil } = situation.times
  if (liveAt === undefined) return []
  const wanted = wantedOf(situation)
  if (holdUntil !== undefined)
    return wanted.filter((container) => container.isPromoted).map((container) => ({ type: 'demote', container }))
  return wanted.filter((container) => !container.isPromoted).map((container) => ({ type: 'promote', container }))
}

/** The engine restarts what exits, never what only stopped answering. */
function planRepairs(situation: RolloutSituation): RolloutAction[] {
  const running = wantedOf(situation).filter(({ state, isStopping }) => state === 'running' && !isStopping)
  const drained = running.filter(({ isDraining }) => isDraining)
  const undrains = drained.map((container): RolloutAction => ({ type: 'undrain', container }))
  if (situation.times.liveAt === undefined || !isHoldOver(situation)) return undrains
  const sick = running.filter(({ health, isDraining }) => health === 'unhealthy' && !isDraining)
  return [...undrains, ...sick.map((container): RolloutAction => ({ type: 'restart', container }))]
}

const isHoldOver = ({ times: { holdUntil }, now }: RolloutSituation) =>
  holdUntil === undefined || Date.parse(holdUntil) <= now

const ofGeneration = ({ generation }: WorkloadSpec, containers: AppContainer[]) =>
  containers.filter((container) => container.generation === generation)

const numbered = (desired: WorkloadSpec, { containers }: ObservedRollout) =>
  ofGeneration(desired, containers).filter(({ index }) => index <= desired.replicas)

function isLost({ networks, state }: AppContainer, { network }: WorkloadSpec, observed: ObservedRollout) {
  if (observed.network.id === undefined) return true
  // One that was never started carries no id yet.
  return state !== 'created' && networks[network.name] !== observed.network.id
}

function missingIndexes(situation: RolloutSituation): number[] {
  const { desired, observed } = situation
  const present = new Set(
    numbered(desired, observed)
      // Its name is free only when it is gone.
      .filter((container) => container.state === 'removing' || !isLost(container, desired, observed))
      .map(({ index }) => index),
  )
  const indexes = Array.from({ length: desired.replicas }, (_, place) => place + 1)
  return indexes.filter((index) => !present.has(index))
}
