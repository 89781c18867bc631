import { setTimeout as sleep } from 'node:timers/promises'
import { addDeaths, type CrashChange, type Crashes, type Death } from '../domain/crashes.ts'
import { type Rollout, withHold } from '../domain/plan-app.ts'
import type { DeploymentRow } from '../repositories/deployments.ts'
import type { Store } from '../repositories/store.ts'
import type { ReplicaEvent, Spawner, WatchHint } from '../spawner/spawner.ts'
import type { ChangeHub } from './change-hub.ts'
import { isWorkloadSpec } from './is-workload-spec.ts'

export interface CrashRecorderDeps {
  store: Store
  spawner: Pick<Spawner, 'logs'>
  hub: ChangeHub
  now: () => Date
}

const shownLines = 20
/** Lines of the next start stand behind those of the death: more are read than are shown. */
const readLines = 200
/** An out-of-memory event of a whole replica is followed by its death within this time (stack.md §4). */
export const deathFollowsMs = 2_000
/** The death that our own restart causes is not another reason. */
const restartMs = 30_000

/** Writes down how replicas of live deployments die: counts by looks at the engine, circumstances by its events. */
export function createCrashRecorder({ store, spawner, hub, now }: CrashRecorderDeps) {
  const lastOutOfMemory = new Map<string, number>()
  const lastDeath = new Map<string, number>()

  /** Only while this deployment is live; the row is read under the app's lock, so that nothing is overwritten. */
  async function change(appId: string, of: (row: DeploymentRow) => Partial<DeploymentRow> | undefined) {
    const changed = await store.transaction(async (tx) => {
      await tx.apps.lock(appId)
      const live = (await tx.deployments.active([appId])).find((row) => row.status === 'live')
      const update = live && of(live)
      return update ? tx.deployments.update(live.id, update, ['live']) : false
    })
    if (changed) hub.changed(appId)
  }

  function setLast(appId: string, generation: number, death: Death) {
    return change(appId, (row) =>
      row.generation === generation && !isOwnRestart(row.crashes?.last, death)
        ? { crashes: { ...(row.crashes ?? { seen: {}, deaths: [] }), last: death } }
        : undefined,
    )
  }

  async function linesBefore(appId: string, { id, at }: ReplicaEvent, signal: AbortSignal) {
    const lines = await Array.fromAsync(spawner.logs(appId, { replicaId: id, tail: readLines, follow: false }, signal))
    return lines
      .filter(({ time }) => Date.parse(time) <= Date.parse(at))
      .slice(-shownLines)
      .map(({ text }) => text)
  }

  async function died(appId: string, event: ReplicaEvent, signal: AbortSignal) {
    const at = Date.parse(event.at)
    lastDeath.set(event.id, at)
    const outOfMemory = at - (lastOutOfMemory.get(event.id) ?? Number.NEGATIVE_INFINITY) <= deathFollowsMs
    lastOutOfMemory.delete(event.id)
    if (!(await counts(appId, event))) return
    await setLast(appId, event.generation, {
      at: event.at,
      replicaId: event.id,
      kind: 'exit',
      exitCode: event.exitCode ?? null,
      outOfMemory: outOfMemory && event.exitCode === 137,
      lastLines: await linesBefore(appId, event, signal),
    })
  }

  async function ranOutOfMemory(appId: string, event: ReplicaEvent, signal: AbortSignal) {
    const at = Date.parse(event.at)
    lastOutOfMemory.set(event.id, at)
    await sleep(deathFollowsMs, undefined, { signal })
    const isReplica = (lastDeath.get(event.id) ?? Number.NEGATIVE_INFINITY) >= at
    if (isReplica || !(await counts(appId, event))) return
    await setLast(appId, event.generation, {
      at: event.at,
      replicaId: event.id,
      kind: 'session',
      exitCode: null,
      outOfMemory: true,
      lastLines: await linesBefore(appId, event, signal),
    })
  }

  /** Our own stops end replicas too: those of older generations, of surplus ones, of a stopped app. */
  async function counts(appId: string, { generation, index }: ReplicaEvent) {
    const app = await store.apps.find(appId)
    const live = (await store.deployments.active([appId])).find((row) => row.status === 'live')
    if (app?.desiredState !== 'running' || live?.generation !== generation) return false
    return isWorkloadSpec(live.spec) && index <= live.spec.replicas
  }

  return {
    /** What the last look added. */
    async count({ spec, deploymentId }: Rollout, { crashes, holdUntil }: CrashChange) {
      await change(spec.appId, (row) =>
        row.id === deploymentId
          ? { crashes: withLast(crashes, row.crashes?.last), times: timesOf(row, holdUntil) }
          : undefined,
      )
    },

    /** Replicas that were restarted because they stopped answering. */
    async restarted({ spec, deploymentId }: Rollout, replicaIds: string[]) {
      const at = now()
      await change(spec.appId, (row) => {
        const [replicaId] = replicaIds
        if (row.id !== deploymentId || replicaId === undefined) return undefined
        const crashes = addDeaths(row.crashes ?? undefined, replicaIds.length, at)
        const facts = { exitCode: null, outOfMemory: false, lastLines: [] }
        return { crashes: { ...crashes, last: { at: at.toISOString(), replicaId, kind: 'unhealthy', ...facts } } }
      })
    },

    async onHint(hint: WatchHint, signal: AbortSignal): Promise<void> {
      if (hint.type !== 'changed' || !hint.replica) return
      if (hint.cause === 'die') await died(hint.appId, hint.replica, signal)
      if (hint.cause === 'oom') await ranOutOfMemory(hint.appId, hint.replica, signal)
      if (hint.cause === 'destroy') for (const known of [lastOutOfMemory, lastDeath]) known.delete(hint.replica.id)
    },
  }
}
export type CrashRecorder = ReturnType<typeof createCrashRecorder>

const isOwnRestart = (last: Death | undefined, death: Death) =>
  last?.kind === 'unhealthy' &&
  last.replicaId === death.replicaId &&
  Date.parse(death.at) - Date.parse(last.at) <= restartMs

const withLast = (crashes: Crashes, last: Death | undefined): Crashes => (last ? { ...crashes, last } : crashes)

/** `startedAt` is missing in no live row; the type allows it for those that never began. */
function timesOf(row: DeploymentRow, holdUntil: string | undefined) {
  const { startedAt = row.createdAt.toISOString() } = row.times
  return withHold({ ...row.times, startedAt }, holdUntil)
}
