import { Problem } from '@rserve-proxy/contract/problems.ts'
import { type Demand, expectedBytes, shortageOf } from '../domain/admission.ts'
import type { DeploymentRow } from '../repositories/deployments.ts'
import type { Store } from '../repositories/store.ts'
import type { Headroom, Spawner } from '../spawner/spawner.ts'
import { isWorkloadSpec } from './is-workload-spec.ts'
import { memoryLimitOf } from './workload-spec.ts'

export interface AdmissionDeps {
  store: Store
  spawner: Pick<Spawner, 'headroom' | 'memoryUse'>
  /** Stays untouched. */
  reserve: Headroom
  now: () => Date
}

export type Room = (demand: Pick<Demand, 'replicas' | 'limitBytes'>) => void

/** Loading R code costs a core: more would only make each other late. One that is still not up no longer counts. */
const startsAtOnce = 8
const startMs = 10_000

/** Whether the machine can hold a new generation beside the old one. */
export function createAdmission({ store, spawner, reserve, now }: AdmissionDeps) {
  const inTurn = createTurns()

  async function shortage(appId: string, row: DeploymentRow, starting: DeploymentRow[], signal: AbortSignal) {
    const app = await store.apps.find(appId)
    const release = row.releaseId ? await store.releases.find(row.releaseId) : undefined
    if (!app || !release) return undefined
    const [free, used] = await Promise.all([spawner.headroom(signal), spawner.memoryUse(appId, signal)])
    // Admitted before this one, and not yet seen in what is free.
    const promised = starting
      .filter(({ status }) => status === 'starting')
      .reduce((sum, one) => sum + expectedOf(one), 0)
    const demand = {
      replicas: app.replicas,
      limitBytes: memoryLimitOf(release.settings),
      measuredBytes: Math.max(0, ...used),
    }
    return shortageOf(demand, { ...free, memoryBytes: free.memoryBytes - promised }, reserve)
  }

  const isStarting = ({ status, times }: DeploymentRow) =>
    (status === 'starting' || status === 'verifying') && now().getTime() - Date.parse(times.startedAt ?? '') < startMs

  return {
    /** For requests: what is free now, without a question to the engine. The answer throws 'out-of-resources'. */
    async room(signal: AbortSignal): Promise<Room> {
      const free = await spawner.headroom(signal)
      return (demand) => {
        const shortage = shortageOf({ ...demand, measuredBytes: 0 }, free, reserve)
        if (shortage) throw new Problem('out-of-resources', { detail: shortage })
      }
    },

    /** Why nothing may be built now; undefined when there is disk enough. */
    async diskShortage(signal: AbortSignal): Promise<string | undefined> {
      const free = await spawner.headroom(signal)
      return shortageOf({ replicas: 0, limitBytes: 0, measuredBytes: 0 }, free, reserve)
    },

    /** Begins a rollout when it fits and not too many begin with it; one decision after the other. */
    admit(appId: string, deploymentId: string, begin: () => Promise<void>, signal: AbortSignal): Promise<Admitted> {
      return inTurn(async () => {
        const row = await store.deployments.find(deploymentId)
        const starting = (await store.deployments.active()).filter(isStarting)
        if (starting.length >= startsAtOnce) return { outcome: 'later' }
        const lack = row && (await shortage(appId, row, starting, signal))
        if (lack) return { outcome: 'refused', shortage: lack }
        await begin()
        return { outcome: 'begun' }
      })
    },
  }
}
export type Admission = ReturnType<typeof createAdmission>

export type Admitted = { outcome: 'begun' | 'later' } | { outcome: 'refused'; shortage: string }

function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(act: () => Promise<T>): Promise<T> => {
    const done = last.then(act)
    last = done.catch(() => 'its caller hears of it')
    return done
  }
}

function expectedOf({ spec }: DeploymentRow): number {
  if (!isWorkloadSpec(spec)) return 0
  return spec.replicas * expectedBytes({ limitBytes: spec.resources.memoryBytes, measuredBytes: 0 })
}
