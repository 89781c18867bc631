import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Store } from '../repositories/store.ts'
import { lockedApp } from './access.ts'
import { actOf, onApp } from './audit-record.ts'
import type { Observation } from './observation.ts'
import type { Principal } from './principal.ts'

interface EndDrainDeps {
  store: Store
  observation: Pick<Observation, 'drainOf'>
  now: () => Date
}

/** The planner ends every drain that began before the time which is stored here. */
export async function endDrain(
  { store, observation, now }: EndDrainDeps,
  principal: Principal,
  appId: string,
  deploymentId: string,
): Promise<void> {
  await store.transaction(async (tx) => {
    const app = await lockedApp(tx, principal, appId, 'edit')
    const row = await tx.deployments.find(deploymentId)
    if (row?.appId !== appId) throw new Problem('deployment-not-found', { detail: 'This app has no such deployment.' })
    const isDraining = row.steps.some(({ name, status }) => name === 'drain' && status === 'running')
    if (row.status !== 'live' || !(isDraining || observation.drainOf(appId)))
      throw new Problem('not-draining', { detail: 'This deployment waits for no session of an older one.' })
    await tx.deployments.update(row.id, { times: { ...row.times, drainEndedAt: now().toISOString() } }, ['live'])
    await tx.audit.record(actOf(principal, 'deployment.end-drain', { ...onApp(app), detail: row.id }))
  })
}
