import type { Drift, System } from '@rserve-proxy/contract/system.ts'
import { driftOf } from '../domain/invariants.ts'
import type { Store } from '../repositories/store.ts'
import { type Spawner, SpawnerError } from '../spawner/spawner.ts'
import type { Observation } from './observation.ts'
import { desiredApps } from './rollouts.ts'

interface OverviewDeps {
  store: Store
  spawner: Spawner
  observation: Observation
}

/** What an admin wants to know when something is odd; every question is asked now. */
export type SystemOverview = (signal: AbortSignal) => Promise<System>

/** An admin's question waits no longer for an engine that hangs. */
const patienceMs = 10_000

export function createSystemOverview({ store, spawner, observation }: OverviewDeps): SystemOverview {
  async function drift(signal: AbortSignal): Promise<Drift[] | null> {
    try {
      const [observed, template] = await Promise.all([spawner.list(signal), spawner.audit(signal)])
      const rows = await store.deployments.active()
      const active = rows.map(({ appId, status }) => ({
        appId,
        isLive: status === 'live',
        isRollingOut: isRollingOut(status),
      }))
      return driftOf({ desired: await desiredApps(store), active, observed, template })
    } catch (error) {
      if (error instanceof SpawnerError || isTimeout(error)) return null
      throw error
    }
  }

  return async (asked) => {
    const signal = AbortSignal.any([asked, AbortSignal.timeout(patienceMs)])
    const [found, report, free, active] = await Promise.all([
      drift(signal),
      spawner.preflight(signal).catch(unlessTimeout),
      spawner.headroom(signal),
      store.deployments.active(),
    ])
    const count = (holds: (status: string) => boolean) => active.filter(({ status }) => holds(status)).length
    return {
      engine: {
        answers: found !== null,
        unknownSince: observation.unknownSince() ?? null,
        version: report.engineVersion ?? null,
        findings: report.findings,
      },
      machine: { memoryFreeBytes: free.memoryBytes, diskFreeBytes: free.diskBytes },
      queue: {
        waiting: count((status) => status === 'queued'),
        building: count((status) => status === 'building'),
        rollingOut: count(isRollingOut),
      },
      drift: found,
      versions: { node: process.version },
    }
  }
}

const isRollingOut = (status: string) => ['starting', 'verifying', 'switching'].includes(status)
const isTimeout = (error: unknown) => error instanceof Error && error.name === 'TimeoutError'

function unlessTimeout(error: unknown) {
  if (!isTimeout(error)) throw error
  return { engineVersion: undefined, findings: [{ subject: 'engine', ok: false, message: 'It does not answer.' }] }
}
