import { isPending } from '@rserve-proxy/contract/deployments.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { failSteps } from '../domain/steps.ts'
import type { DeploymentRow } from '../repositories/deployments.ts'
import type { Store } from '../repositories/store.ts'
import { lockedApp } from './access.ts'
import { actOf, onApp } from './audit-record.ts'
import type { Principal } from './principal.ts'

export interface EndDeps {
  store: Store
  now: () => Date
}

/** Ends a deployment that has not switched; its generation is discarded by the reconciler. */
export async function cancelDeployment(
  deps: EndDeps,
  principal: Principal,
  appId: string,
  deploymentId: string,
): Promise<string[]> {
  return deps.store.transaction(async (store) => {
    const app = await lockedApp(store, principal, appId, 'edit')
    const row = await store.deployments.find(deploymentId)
    if (!row || row.appId !== appId)
      throw new Problem('deployment-not-found', { detail: 'This app has no such deployment.' })
    if (row.status === 'cancelled') return []
    if (!isPending(row.status) || row.status === 'switching' || row.kind === 'stop') {
      throw new Problem('already-switched', {
        detail: 'It is too late to cancel this deployment. Deploy other code instead.',
      })
    }
    const aborted = await endPending(store, deps, [row], 'cancelled')
    const isAnyLeft = (await store.deployments.active([appId])).length > 0
    // Nothing serves and nothing comes: without this the app would be asked to run for ever, with nothing to run.
    if (!isAnyLeft) await store.apps.update(appId, { desiredState: 'stopped' })
    await store.audit.record(actOf(principal, 'deployment.cancel', { ...onApp(app), detail: deploymentId }))
    return aborted
  })
}

/** Ends pending deployments with their builds; answers the builds that may be running. */
export async function endPending(
  store: Store,
  deps: Pick<EndDeps, 'now'>,
  rows: DeploymentRow[],
  status: 'cancelled' | 'superseded',
) {
  const aborted: string[] = []
  for (const row of rows) {
    const now = deps.now()
    const steps = status === 'cancelled' ? failSteps(row.steps, now.toISOString()) : row.steps
    await store.deployments.update(row.id, { status, steps, finishedAt: now })
    const build = await store.builds.findByDeployment(row.id)
    if (!build || (await store.builds.endQueued(build.id, status))) continue
    if (await store.builds.requestCancel(build.id)) aborted.push(build.id)
  }
  return aborted
}
