import type { WorkloadSpec } from '../spawner/spawner.ts'

/** A stored spec comes back as JSON of our own making; a row of another schema is not trusted. */
export function isWorkloadSpec(value: unknown): value is WorkloadSpec {
  return typeof value === 'object' && value !== null && 'specHash' in value && 'generation' in value && 'route' in value
}
