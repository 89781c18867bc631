import type { DeploymentStatus } from './deployments.ts'

// Apart from the schemas, so that the dashboard gets it without TypeBox.

/** A deployment that still changes by itself. */
export const pendingStatuses = ['queued', 'building', 'starting', 'verifying', 'switching'] as const
export const isPending = (status: DeploymentStatus) => pendingStatuses.some((pending) => pending === status)
