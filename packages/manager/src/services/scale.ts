import type { Store } from '../repositories/store.ts'
import { isWorkloadSpec } from './is-workload-spec.ts'

/**
 * Another number of replicas acts at once: it is no part of what a generation is made from, so it is written into the
 * stored specs of what runs and what is rolled out. The caller holds the app's lock.
 */
export async function scaleStoredSpecs(tx: Store, appId: string, replicas: number, now: Date): Promise<void> {
  for (const row of await tx.deployments.active([appId])) {
    if (!isWorkloadSpec(row.spec) || row.spec.replicas === replicas) continue
    const isLess = replicas < row.spec.replicas && row.status === 'live'
    const times = isLess ? { ...row.times, scaledInAt: now.toISOString() } : row.times
    await tx.deployments.update(row.id, { spec: { ...row.spec, replicas }, times }, [row.status])
  }
}
