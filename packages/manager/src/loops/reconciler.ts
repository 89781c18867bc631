import { setTimeout as sleep } from 'node:timers/promises'
import type { CrashChange } from '../domain/crashes.ts'
import { findOrphans, type OrphansSince } from '../domain/orphans.ts'
import { type AppAction, type DesiredApp, planApp, type Rollout } from '../domain/plan-app.ts'
import type { Store } from '../repositories/store.ts'
import type { Admission } from '../services/admission.ts'
import type { ChangeHub } from '../services/change-hub.ts'
import type { CrashRecorder } from '../services/crash-recorder.ts'
import type { FailureReporter } from '../services/failure-report.ts'
import type { Observation } from '../services/observation.ts'
import { desiredApps, type Rollouts } from '../services/rollouts.ts'
import { type ObservedWorkload, type Spawner, SpawnerError } from '../spawner/spawner.ts'
import { createBackoff } from './backoff.ts'
import type { RolloutPhase } from './crash-point.ts'

export interface ReconcilerLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface ReconcilerDeps {
  spawner: Spawner
  store: Store
  rollouts: Rollouts
  observation: Observation
  hub: ChangeHub
  report: FailureReporter
  crashes: Pick<CrashRecorder, 'count' | 'restarted'>
  admission: Pick<Admission, 'admit'>
  /** Called when a rollout enters a phase; see crash-point.ts. */
  at: (phase: RolloutPhase) => Promise<void>
  /** Removes what an app leaves behind once its containers are gone; false while something is left. */
  purge: (appId: string, signal: AbortSignal) => Promise<boolean>
  /** Called when only a new start of this process can help. */
  onCutOff: () => void
  log: ReconcilerLog
  now: () => Date
  /** Ms of a clock that nobody sets. */
  elapsedMs: () => number
}

/** How soon to look again, by what is going on. Hints of the engine come on top. */
const pace = { begin: 0, rollout: 100, removal: 250, unfinished: 1_000, drain: 2_000 } as const
type Pace = keyof typeof pace | undefined
/** An engine that has not answered by then is unknown. */
const lookMs = 10_000
/** Visitors of an app that nobody owns any more. */
const orphanGraceMs = 10_000
/** A slow engine call for one app delays the next look at the others no longer than this. */
const passMs = 2_000

/** Level-triggered: every run looks at everything and takes one safe step per app, each on its own. */
export function createReconciler(deps: ReconcilerDeps) {
  const { spawner, store, observation, hub, log, now, elapsedMs } = deps
  const inFlight = new Map<string, Promise<Pace>>()
  let orphans: OrphansSince = new Map()
  const backoff = createBackoff(() => now().getTime())

  async function look(signal: AbortSignal): Promise<ObservedWorkload[] | undefined> {
    const deadline = AbortSignal.timeout(lookMs)
    try {
      const workloads = await spawner.list(AbortSignal.any([signal, deadline]))
      const isBack = observation.unknownSince() !== undefined
      if (isBack && observation.hasLooked()) log.info({}, 'engine answers again')
      tell(observation.seen(workloads), isBack)
      return workloads
    } catch (error) {
      if (!(error instanceof SpawnerError) && (signal.aborted || error !== deadline.reason)) throw error
      const isNew = !observation.unknownSince()
      if (isNew) log.warn({ err: error }, 'engine does not answer')
      tell(observation.lost(now()), isNew)
      if (await spawner.isCutOff()) deps.onCutOff()
      return undefined
    }
  }

  function tell(appIds: string[], isEngineNews: boolean) {
    if (isEngineNews) hub.engineChanged()
    for (const appId of appIds) hub.changed(appId)
  }

  async function step(desired: DesiredApp, observed: ObservedWorkload | undefined, signal: AbortSignal): Promise<Pace> {
    try {
      const paces: Pace[] = []
      for (const action of planApp(desired, observed, now())) paces.push(await act(deps, desired, action, signal))
      backoff.succeeded(desired.appId)
      return soonest(paces)
    } catch (error) {
      if (signal.aborted) return undefined
      backoff.failed(desired.appId, attemptOf(desired))
      await reportTrouble(deps, desired, error).catch((worse: unknown) =>
        // Never thrown: the pass would end before the steps of the other apps, and the next would meet them.
        log.error({ err: worse, appId: desired.appId }, 'trouble could not be recorded'),
      )
      return undefined
    }
  }

  function begin(desired: DesiredApp, observed: ObservedWorkload | undefined, signal: AbortSignal): Promise<Pace> {
    const running = step(desired, observed, signal).finally(() => inFlight.delete(desired.appId))
    inFlight.set(desired.appId, running)
    return running
  }

  async function removeOrphans(workloads: ObservedWorkload[], apps: DesiredApp[], signal: AbortSignal) {
    const onEngine = workloads.filter(({ phase }) => phase !== 'absent').map(({ appId }) => appId)
    const known = new Set(apps.map(({ appId }) => appId))
    const { since, due } = findOrphans({ onEngine, known, before: orphans, elapsedMs: elapsedMs() })
    const fresh = [...since.keys()].filter((appId) => !orphans.has(appId))
    if (fresh.length > 0) log.warn({ appIds: fresh }, 'the engine has apps that the database does not know')
    orphans = since
    for (const appId of due.filter((found) => !inFlight.has(found))) {
      log.warn({ appId }, 'removing an app that the database does not know')
      await spawner.remove(appId, { graceMs: orphanGraceMs }, signal)
    }
  }

  return {
    /** Only looks: for a manager that stands by. */
    async look(signal: AbortSignal): Promise<undefined> {
      await look(signal)
    },
    async run(signal: AbortSignal): Promise<{ againInMs: number } | undefined> {
      const workloads = await look(signal)
      if (!workloads) return { againInMs: 1_000 }
      const byApp = new Map(workloads.map((workload) => [workload.appId, workload]))
      const apps = await desiredApps(store)
      await removeOrphans(workloads, apps, signal).catch((error: unknown) => log.error({ err: error }, 'orphans stay'))
      const due = apps.filter((app) => !inFlight.has(app.appId) && backoff.isDue(app.appId, attemptOf(app)))
      const paces = await withinPass(due.map((app) => begin(app, byApp.get(app.appId), signal)))
      const waits = paces.flatMap((one) => (one ? [pace[one]] : []))
      const soonestMs = Math.min(...waits, backoff.soonestMs(), inFlight.size > 0 ? pace.unfinished : Infinity)
      return Number.isFinite(soonestMs) ? { againInMs: soonestMs } : undefined
    },
    /** Resolves when no step runs any more; its signal must have fired. */
    async settled(): Promise<void> {
      await Promise.all(inFlight.values())
    },
  }
}

/** What was done until the pass ended; the rest goes on, and its app is left out meanwhile. */
async function withinPass(steps: Promise<Pace>[]): Promise<Pace[]> {
  const done: Pace[] = []
  const ended = new AbortController()
  const all = Promise.all(steps.map(async (one) => done.push(await one)))
  const limit = sleep(passMs, undefined, { signal: ended.signal }).catch(() => 'all were done before')
  await Promise.race([all, limit])
  ended.abort()
  return done
}

/** A new wish is tried at once, however often the last one failed. */
const attemptOf = ({ state, live, rollout, readyId, stopId }: DesiredApp) =>
  [state, live?.deploymentId, rollout?.deploymentId, readyId, stopId].join(' ')

const soonest = (paces: Pace[]): Pace =>
  paces.filter((one) => one !== undefined).toSorted((a, b) => pace[a] - pace[b])[0]

async function act(deps: ReconcilerDeps, desired: DesiredApp, action: AppAction, signal: AbortSignal): Promise<Pace> {
  const { spawner, rollouts, hub, log, at } = deps
  const { appId } = desired
  switch (action.type) {
    case 'apply':
      return apply(deps, desired, action.rollout, signal)
    case 'discard':
      await spawner.discard(appId, action.generation, signal)
      return 'removal'
    case 'remove':
      await spawner.remove(appId, { graceMs: action.graceMs }, signal)
      return 'removal'
    case 'purge':
      if (!(await deps.purge(appId, signal))) return 'removal'
      log.info({ appId }, 'app deleted')
      return undefined
    case 'begin':
      return begin(deps, appId, action.deploymentId, signal)
    case 'advance':
      await rollouts.advance(action.deploymentId, action.status, action.times)
      await at(action.times.routedAt ? 'bake' : action.status === 'verifying' ? 'verify' : 'route')
      break
    case 'live':
      await rollouts.goLive(action.rollout, action.times, desired.live !== undefined)
      log.info({ appId, generation: action.rollout.spec.generation }, 'deployment live')
      await at('live')
      break
    case 'crashes':
      await recordCrashes(deps, action.rollout, action.change)
      return undefined
    case 'fail':
      await rollouts.fail(action.rollout.deploymentId, await deps.report(appId, action.failure, signal))
      log.info({ appId, generation: action.rollout.spec.generation, code: action.failure.code }, 'deployment failed')
      break
    case 'stopped':
      await rollouts.stopped(appId, action.deploymentId)
      break
  }
  hub.changed(appId)
  return 'rollout'
}

/** What does not fit fails before anything of it exists. */
async function begin(deps: ReconcilerDeps, appId: string, deploymentId: string, signal: AbortSignal): Promise<Pace> {
  const { rollouts, admission, hub, log, at } = deps
  const admitted = await admission.admit(appId, deploymentId, () => rollouts.begin(appId, deploymentId), signal)
  if (admitted.outcome === 'later') return 'unfinished'
  if (admitted.outcome === 'refused') {
    const detail = admitted.shortage
    await rollouts.fail(deploymentId, { code: 'out-of-resources', detail, lastLines: [] })
    log.warn({ appId, detail }, 'deployment refused')
  }
  hub.changed(appId)
  await at('prepare')
  return 'begin'
}

/** One alert per loop. */
async function recordCrashes({ crashes, log }: ReconcilerDeps, rollout: Rollout, change: CrashChange) {
  await crashes.count(rollout, change)
  const isNew = change.crashes.loopSince !== undefined && rollout.crashes?.loopSince === undefined
  const { appId, generation } = rollout.spec
  if (isNew) log.error({ appId, generation, last: change.crashes.last }, 'crash loop')
}

async function apply(deps: ReconcilerDeps, desired: DesiredApp, rollout: Rollout, signal: AbortSignal): Promise<Pace> {
  const { spawner, rollouts, crashes, observation, hub, log, at } = deps
  const { appId } = desired
  const { settled, draining, restarted } = await spawner.applyWorkload(rollout.spec, rollout.times, signal)
  if (observation.setDraining(appId, draining)) hub.changed(appId)
  if (restarted.length > 0) {
    log.warn({ appId, replicas: restarted }, 'restarted what had stopped answering')
    await crashes.restarted(rollout, restarted)
  }
  if (!rollout.times.liveAt) return 'rollout'
  if (draining.length > 0) await at('drain')
  if (draining.length === 0 && (await rollouts.drained(rollout.deploymentId))) hub.changed(appId)
  return settled ? undefined : 'drain'
}

/** A refusal that will not change ends the rollout; everything else is tried again. */
async function reportTrouble({ rollouts, hub, log }: ReconcilerDeps, desired: DesiredApp, error: unknown) {
  const { appId, rollout } = desired
  log.warn({ err: error, appId }, 'step failed')
  if (!rollout || !(error instanceof SpawnerError) || error.isRetryable) return
  if (error.code === 'subnet-taken') return rollouts.moveSubnet(rollout)
  await rollouts.fail(rollout.deploymentId, { code: 'engine-failed', detail: error.message, lastLines: [] })
  hub.changed(appId)
}
