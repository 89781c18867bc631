import { type AppAction, type DesiredApp, planApp, type Rollout } from '../domain/plan-app.ts'
import type { Store } from '../repositories/store.ts'
import type { ChangeHub } from '../services/change-hub.ts'
import type { FailureReporter } from '../services/failure-report.ts'
import type { Observation } from '../services/observation.ts'
import { desiredApps, type Rollouts } from '../services/rollouts.ts'
import { type ObservedWorkload, type Spawner, SpawnerError } from '../spawner/spawner.ts'

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
  /** Removes what an app leaves behind once its containers are gone; false while something is left. */
  purge: (appId: string, signal: AbortSignal) => Promise<boolean>
  log: ReconcilerLog
  now: () => Date
}

/** How soon to look again, by what is going on. Hints of the engine come on top. */
const pace = { begin: 0, rollout: 100, removal: 250, drain: 1_000 } as const
type Pace = keyof typeof pace | undefined

/** Level-triggered: every run looks at everything and takes one safe step per app. */
export function createReconciler(deps: ReconcilerDeps) {
  const { spawner, store, observation, log, now } = deps

  async function look(signal: AbortSignal): Promise<ObservedWorkload[] | undefined> {
    try {
      const workloads = await spawner.list(signal)
      if (observation.unknownSince() && observation.hasLooked()) log.info({}, 'engine answers again')
      observation.seen(workloads)
      return workloads
    } catch (error) {
      if (!(error instanceof SpawnerError)) throw error
      if (!observation.unknownSince()) log.warn({ err: error }, 'engine does not answer')
      observation.lost(now())
      return undefined
    }
  }

  async function step(desired: DesiredApp, observed: ObservedWorkload | undefined, signal: AbortSignal): Promise<Pace> {
    try {
      const paces: Pace[] = []
      for (const action of planApp(desired, observed, now())) paces.push(await act(deps, desired, action, signal))
      return soonest(paces)
    } catch (error) {
      if (signal.aborted) return undefined
      await reportTrouble(deps, desired, error).catch((worse: unknown) =>
        // Never thrown: the pass would end before the steps of the other apps, and the next would meet them.
        log.error({ err: worse, appId: desired.appId }, 'trouble could not be recorded'),
      )
      return 'drain'
    }
  }

  return {
    async run(signal: AbortSignal): Promise<{ againInMs: number } | undefined> {
      const workloads = await look(signal)
      if (!workloads) return { againInMs: 1_000 }
      const byApp = new Map(workloads.map((workload) => [workload.appId, workload]))
      const paces = await Promise.all((await desiredApps(store)).map((app) => step(app, byApp.get(app.appId), signal)))
      const waits = paces.flatMap((one) => (one ? [pace[one]] : []))
      return waits.length > 0 ? { againInMs: Math.min(...waits) } : undefined
    },
  }
}

const soonest = (paces: Pace[]): Pace =>
  paces.filter((one) => one !== undefined).toSorted((a, b) => pace[a] - pace[b])[0]

async function act(deps: ReconcilerDeps, desired: DesiredApp, action: AppAction, signal: AbortSignal): Promise<Pace> {
  const { spawner, rollouts, hub, log } = deps
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
      await rollouts.begin(appId, action.deploymentId)
      hub.changed(appId)
      return 'begin'
    case 'advance':
      await rollouts.advance(action.deploymentId, action.status, action.times)
      break
    case 'live':
      await rollouts.goLive(action.rollout, action.times, desired.live !== undefined)
      log.info({ appId, generation: action.rollout.spec.generation }, 'deployment live')
      break
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

async function apply(
  { spawner, rollouts, hub }: ReconcilerDeps,
  desired: DesiredApp,
  rollout: Rollout,
  signal: AbortSignal,
): Promise<Pace> {
  const { settled } = await spawner.applyWorkload(rollout.spec, rollout.times, signal)
  if (!rollout.times.liveAt) return 'rollout'
  if (!settled) return 'drain'
  if (await rollouts.drained(rollout.deploymentId)) hub.changed(desired.appId)
  return undefined
}

/** A refusal that will not change ends the rollout; everything else is tried again at the next pass. */
async function reportTrouble({ rollouts, hub, log }: ReconcilerDeps, desired: DesiredApp, error: unknown) {
  const { appId, rollout } = desired
  log.warn({ err: error, appId }, 'step failed')
  if (!rollout || !(error instanceof SpawnerError) || error.isRetryable) return
  if (error.code === 'subnet-taken') return rollouts.moveSubnet(rollout)
  await rollouts.fail(rollout.deploymentId, { code: 'engine-failed', detail: error.message, lastLines: [] })
  hub.changed(appId)
}
