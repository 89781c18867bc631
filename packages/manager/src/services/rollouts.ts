import type { Failure } from '@rserve-proxy/contract/failures.ts'
import type { DesiredApp, Rollout } from '../domain/plan-app.ts'
import { enterStep, failSteps, finishStep, skipStep } from '../domain/steps.ts'
import type { AppRow } from '../repositories/apps.ts'
import type { DeploymentRow } from '../repositories/deployments.ts'
import type { Store } from '../repositories/store.ts'
import type { PhaseTimes } from '../spawner/spawner.ts'
import { isWorkloadSpec } from './is-workload-spec.ts'
import type { Platform } from './platform.ts'
import { workloadSpec } from './workload-spec.ts'

const rolling = ['starting', 'verifying', 'switching'] as const

/** What the rows ask of every app, for the reconciler. */
export async function desiredApps(store: Store): Promise<DesiredApp[]> {
  const apps = await store.apps.listAll()
  const byApp = Map.groupBy(await store.deployments.active(), (row) => row.appId)
  return apps.map((app) => desiredApp(app, byApp.get(app.id) ?? []))
}

function desiredApp(app: AppRow, active: DeploymentRow[]): DesiredApp {
  const pending = active.filter((row) => row.status !== 'live')
  return {
    appId: app.id,
    state: app.desiredState,
    live: asRollout(active.find((row) => row.status === 'live')),
    rollout: asRollout(pending.find((row) => rolling.some((status) => status === row.status))),
    readyId: pending.findLast((row) => row.releaseId && !row.spec && row.kind !== 'stop')?.id,
    stopId: pending.findLast((row) => row.kind === 'stop')?.id,
  }
}

function asRollout(row: DeploymentRow | undefined): Rollout | undefined {
  if (!row || !isWorkloadSpec(row.spec)) return undefined
  const times: PhaseTimes = { ...row.times, startedAt: row.times.startedAt ?? row.createdAt.toISOString() }
  return {
    deploymentId: row.id,
    status: row.status,
    spec: row.spec,
    times,
    ...(row.crashes && { crashes: row.crashes }),
  }
}

/** Changes of a deployment's row while it is rolled out. Each is fenced by the statuses it may start from. */
export function createRollouts({ store, platform, now }: { store: Store; platform: Platform; now: () => Date }) {
  return {
    async begin(appId: string, deploymentId: string): Promise<void> {
      await store.transaction(async (tx) => {
        const app = await tx.apps.lock(appId)
        const row = await tx.deployments.find(deploymentId)
        const release = row?.releaseId ? await tx.releases.find(row.releaseId) : undefined
        if (!row || !release || !app) return
        const generation = await tx.apps.next(appId, 'generation')
        const startedAt = now().toISOString()
        await tx.deployments.supersedeReadyBefore(appId, row.createdAt)
        await tx.deployments.update(
          deploymentId,
          {
            status: 'starting',
            generation,
            spec: workloadSpec(platform, app, release, generation),
            times: { startedAt },
            steps: enterStep(row.steps, 'start', startedAt),
          },
          ['queued', 'building'],
        )
      })
    },

    /** Nothing of this generation exists before its network does: its spec may still change. */
    async moveSubnet({ deploymentId, spec }: Rollout): Promise<void> {
      await store.transaction(async (tx) => {
        const app = await tx.apps.moveSubnet(spec.appId)
        const row = await tx.deployments.find(deploymentId)
        const release = row?.releaseId ? await tx.releases.find(row.releaseId) : undefined
        if (!app || !release) return
        const moved = workloadSpec(platform, app, release, spec.generation)
        await tx.deployments.update(deploymentId, { spec: moved }, [...rolling])
      })
    },

    async advance(deploymentId: string, status: 'verifying' | 'switching', times: PhaseTimes): Promise<void> {
      const row = await store.deployments.find(deploymentId)
      if (!row) return
      const steps = enterStep(row.steps, status === 'verifying' ? 'verify' : 'switch', now().toISOString())
      await store.deployments.update(deploymentId, { status, times, steps }, [...rolling])
    },

    /** The user sees success here; the generation before it drains from now on. */
    async goLive({ deploymentId, spec }: Rollout, times: PhaseTimes, replaces: boolean): Promise<void> {
      await store.transaction(async (tx) => {
        await tx.apps.lock(spec.appId)
        const row = await tx.deployments.find(deploymentId)
        if (row?.status !== 'switching') return
        const at = now()
        const switched = finishStep(row.steps, 'switch', at.toISOString(), 'New visitors reach it')
        const steps = replaces
          ? enterStep(switched, 'drain', at.toISOString(), 'Old sessions end in their own time')
          : skipStep(switched, 'drain', 'Nothing ran before')
        const before = await endLive(tx, spec.appId, 'replaced', at)
        const drains = drainsAfter(before, at)
        await tx.deployments.update(deploymentId, {
          status: 'live',
          times: { ...times, drains },
          steps,
          finishedAt: at,
        })
      })
    },

    async drained(deploymentId: string): Promise<boolean> {
      const row = await store.deployments.find(deploymentId)
      if (!row?.steps.some((step) => step.name === 'drain' && step.status === 'running')) return false
      const steps = finishStep(row.steps, 'drain', now().toISOString())
      return store.deployments.update(deploymentId, { steps }, ['live'])
    },

    async fail(deploymentId: string, failure: Failure): Promise<void> {
      const row = await store.deployments.find(deploymentId)
      if (!row) return
      const at = now()
      const change = {
        status: 'failed' as const,
        failure,
        steps: failSteps(row.steps, at.toISOString()),
        finishedAt: at,
      }
      await store.deployments.update(deploymentId, change, ['queued', 'building', ...rolling])
    },

    async stopped(appId: string, deploymentId: string | undefined): Promise<void> {
      await store.transaction(async (tx) => {
        await tx.apps.lock(appId)
        const at = now()
        await endLive(tx, appId, 'stopped', at)
        const row = deploymentId ? await tx.deployments.find(deploymentId) : undefined
        if (!row) return
        const steps = finishStep(row.steps, 'drain', at.toISOString())
        await tx.deployments.update(row.id, { status: 'stopped', steps, finishedAt: at }, ['queued'])
      })
    },
  }
}

/** What it was still draining ends with the stop, or is drained by the one that takes over. */
async function endLive(tx: Store, appId: string, status: 'replaced' | 'stopped', at: Date) {
  const live = (await tx.deployments.active([appId])).find((row) => row.status === 'live')
  if (!live) return undefined
  const steps = finishStep(live.steps, 'drain', at.toISOString())
  await tx.deployments.update(live.id, { status, steps, finishedAt: live.finishedAt ?? at })
  return live
}

/** A third deployment in a row does not give the sessions of the first more time. */
function drainsAfter(before: DeploymentRow | undefined, at: Date): Record<string, string> {
  if (!before?.generation) return {}
  return { ...before.times.drains, [before.generation]: at.toISOString() }
}

export type Rollouts = ReturnType<typeof createRollouts>
