import type { AppId, WorkloadSpec } from './spawner.ts'

/**
 * The engine cannot change whether a network leads outside: each egress has a network of its own, and both stand while
 * an app changes from one to the other. The one without a suffix is a part of the other's name.
 */
export const networkName = (appId: AppId, egress: WorkloadSpec['network']['egress']) =>
  egress === 'none' ? `rsp-net-${appId}-none` : `rsp-net-${appId}`
