import type { Page, PageQuery } from '@rserve-proxy/contract/common.ts'
import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import type { Principal } from './principal.ts'

export type Verb = 'start' | 'stop' | 'restart' | 'deploy' | 'rebuild' | 'rollback' | 'apply'

/** What some verbs are told. */
export interface Asked {
  /** Number of the release to run, for a rollback. */
  release?: number | undefined
  /** Newest versions instead of those that were locked, for a rebuild. */
  updatePackages?: boolean | undefined
}

export interface DeploymentService {
  /** Writes intent and wakes the loops. Repeated while pending: the same deployment. */
  request(principal: Principal, appId: string, verb: Verb, asked?: Asked): Promise<Deployment>
  list(principal: Principal, appId: string, page: PageQuery): Promise<Page<Deployment>>
  get(principal: Principal, appId: string, deploymentId: string): Promise<Deployment>
  cancel(principal: Principal, appId: string, deploymentId: string): Promise<Deployment>
  /** The sessions that this live deployment still waits for are ended at the next step. */
  endDrain(principal: Principal, appId: string, deploymentId: string): Promise<Deployment>
  /** Resolves when the deployment is live, stopped, replaced, failed, cancelled or superseded, or the time is over. */
  waitFor(
    principal: Principal,
    deployment: Deployment,
    seconds: number,
    signal: AbortSignal,
  ): Promise<{ deployment: Deployment; settled: boolean }>
}
