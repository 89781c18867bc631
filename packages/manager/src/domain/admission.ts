import type { Headroom } from '../spawner/spawner.ts'

export interface Demand {
  /** Replicas that come beside what runs. */
  replicas: number
  /** Of one replica, in bytes. */
  limitBytes: number
  /** What the app's largest replica uses now, in bytes; 0 when none runs. */
  measuredBytes: number
}

/** R with Rserve, a few packages and one session; what an app needs that nobody has seen running. */
const usualBytes = 128 * 2 ** 20

/**
 * What one more replica is expected to take. Not its limit: most apps never come near it, and the sum of limits would
 * let a few fill a machine that runs sixty.
 */
export const expectedBytes = ({ limitBytes, measuredBytes }: Pick<Demand, 'limitBytes' | 'measuredBytes'>) =>
  Math.min(limitBytes, Math.max(usualBytes, measuredBytes))

/** Why it does not fit, with the figures and what to do; undefined when it does. `reserve` stays untouched. */
export function shortageOf(demand: Demand, free: Headroom, reserve: Headroom): string | undefined {
  if (free.diskBytes < reserve.diskBytes) {
    return `${mebibytes(free.diskBytes)} of disk are free and ${mebibytes(reserve.diskBytes)} must stay so. An admin frees space with: bun run docker:cleanup`
  }
  const neededBytes = demand.replicas * expectedBytes(demand)
  if (neededBytes === 0 || free.memoryBytes - neededBytes >= reserve.memoryBytes) return undefined
  const replicas = demand.replicas === 1 ? '1 new replica needs' : `${demand.replicas} new replicas need`
  return `${replicas} about ${mebibytes(neededBytes)} of memory beside what runs; ${mebibytes(free.memoryBytes)} are free and ${mebibytes(reserve.memoryBytes)} must stay so. Stop an app, or ask for fewer replicas.`
}

const mebibytes = (bytes: number) => `${Math.max(0, Math.floor(bytes / 2 ** 20))} MiB`
