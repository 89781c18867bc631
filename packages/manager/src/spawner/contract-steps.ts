import { setTimeout as sleep } from 'node:timers/promises'
import type { PhaseTimes, Spawner, WorkloadSpec } from './spawner.ts'

/** The caller's part of a rollout, as the contract suite and the engine's tests play it. */
const patienceMs = 45_000
const signal = AbortSignal.timeout(900_000)

export const startedAt = (): PhaseTimes => ({ startedAt: new Date().toISOString() })

export function allLive(): PhaseTimes {
  const now = new Date().toISOString()
  return { startedAt: now, routedAt: now, liveAt: now }
}

export async function goLive(spawner: Spawner, spec: WorkloadSpec) {
  await spawner.applyWorkload(spec, startedAt(), signal)
  await untilServing(spawner, spec)
  await untilSettled(spawner, spec)
}

export function untilServing(spawner: Spawner, { appId, generation }: WorkloadSpec) {
  return until(
    () => spawner.observe(appId, signal),
    (seen) => seen.generation === generation && seen.replicas.some((replica) => replica.generation === generation),
  )
}

export function untilSettled(spawner: Spawner, spec: WorkloadSpec) {
  const times = allLive()
  return until(
    () => spawner.applyWorkload(spec, times, signal),
    ({ settled }) => settled,
  )
}

export function untilRemoved(spawner: Spawner, { appId }: Pick<WorkloadSpec, 'appId'>) {
  return until(
    () => spawner.remove(appId, { graceMs: 1_000 }, signal),
    (isGone) => isGone,
  )
}

/** Looks again until it holds; the state seen last is in the message when it never does. */
export async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + patienceMs
  while (true) {
    const value = await read()
    if (holds(value)) return value
    if (Date.now() > deadline)
      throw new Error(`not within ${patienceMs} ms; seen last: ${JSON.stringify(value, null, 2)}`)
    await sleep(50)
  }
}
