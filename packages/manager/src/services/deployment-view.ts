import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import type { Failure, FailureCode } from '@rserve-proxy/contract/failures.ts'
import { failures } from '@rserve-proxy/contract/failures.ts'
import type { DeploymentView } from '../repositories/deployments.ts'
import type { Observation } from './observation.ts'

const isFailureCode = (code: string): code is FailureCode => Object.hasOwn(failures, code)

export function wireFailure(failure: (Omit<Failure, 'code'> & { code: string }) | null): Failure | null {
  if (!failure) return null
  return { ...failure, code: isFailureCode(failure.code) ? failure.code : 'engine-failed' }
}

/** What drains is told by the last look at the engine, and belongs to the deployment that took over. */
export function wireDeployment(
  { deployment, build, queuePosition, requestedBy }: DeploymentView,
  observation: Pick<Observation, 'drainOf'>,
): Deployment {
  return {
    id: deployment.id,
    appId: deployment.appId,
    kind: deployment.kind,
    status: deployment.status,
    generation: deployment.generation,
    release: deployment.releaseNumber,
    build: build && { id: build.id, status: build.status, phase: build.phase, logBytes: build.logBytes, queuePosition },
    steps: deployment.steps,
    failure: wireFailure(deployment.failure),
    draining: (deployment.status === 'live' && observation.drainOf(deployment.appId)) || null,
    requestedBy,
    createdAt: deployment.createdAt.toISOString(),
    finishedAt: deployment.finishedAt?.toISOString() ?? null,
  }
}
