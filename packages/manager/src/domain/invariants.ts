import type { Drift } from '@rserve-proxy/contract/system.ts'
import type { ObservedWorkload, TemplateFinding } from '../spawner/spawner.ts'
import type { DesiredApp } from './plan-app.ts'

/** Rows and engine at one moment. */
export interface Snapshot {
  desired: DesiredApp[]
  /** Ids of deployments that say they are live, or are being rolled out, by app. */
  active: { appId: string; isLive: boolean; isRollingOut: boolean }[]
  observed: ObservedWorkload[]
  template: TemplateFinding[]
}

/** Pure: where what runs is not what is asked for, and nothing under way explains it (reliability.md §3). */
export function driftOf(snapshot: Snapshot): Drift[] {
  const observed = new Map(snapshot.observed.map((workload) => [workload.appId, workload]))
  const known = new Set(snapshot.desired.map(({ appId }) => appId))
  return [
    ...snapshot.desired.flatMap((app) => driftOfApp(app, observed.get(app.appId))),
    ...snapshot.observed
      .filter(({ appId, phase }) => !known.has(appId) && phase !== 'absent')
      .map(({ appId }) => drift('no-row', appId, 'The engine has objects of an app that the database does not know.')),
    ...rowDrift(snapshot),
    ...snapshot.template.map(({ appId, replicaId, text }) =>
      drift('template', appId, `Replica ${replicaId.slice(0, 12)} ${text}.`),
    ),
  ]
}

function driftOfApp({ appId, state, live, rollout, stopId }: DesiredApp, seen: ObservedWorkload | undefined): Drift[] {
  if (state !== 'running') {
    const isGone = !seen || seen.phase === 'absent' || state === 'deleted' || stopId !== undefined
    return isGone ? [] : [drift('not-stopped', appId, `It should be stopped, and is ${seen.phase}.`)]
  }
  if (!live) return []
  const { generation, replicas } = live.spec
  return [
    ...(live.crashes?.loopSince === undefined ? replicaDrift(appId, generation, replicas, seen) : []),
    ...(rollout === undefined ? servingDrift(appId, generation, seen) : []),
    ...generationDrift(appId, Math.max(generation, rollout?.spec.generation ?? 0), seen),
  ]
}

function replicaDrift(appId: string, generation: number, replicas: number, seen: ObservedWorkload | undefined) {
  const own = seen?.replicas.filter((one) => one.generation === generation && one.index <= replicas) ?? []
  const healthy = own.filter(({ health }) => health === 'healthy').length
  if (healthy === replicas) return []
  return [drift('replicas', appId, `${healthy} of ${replicas} replicas of generation ${generation} are healthy.`)]
}

function servingDrift(appId: string, generation: number, seen: ObservedWorkload | undefined) {
  if (seen?.generation === generation) return []
  return [drift('serving', appId, `New visitors get generation ${seen?.generation ?? 0}; live is ${generation}.`)]
}

function generationDrift(appId: string, newest: number, seen: ObservedWorkload | undefined) {
  const strangers = new Set(seen?.replicas.map(({ generation }) => generation).filter((one) => one > newest))
  return [...strangers].map((one) => drift('generation', appId, `Generation ${one} exists and nobody asked for it.`))
}

function rowDrift({ active }: Snapshot): Drift[] {
  return [...Map.groupBy(active, ({ appId }) => appId)].flatMap(([appId, rows]) => {
    const lives = rows.filter(({ isLive }) => isLive).length
    const rollouts = rows.filter(({ isRollingOut }) => isRollingOut).length
    return [
      ...(lives > 1 ? [drift('two-live', appId, `${lives} deployments say that they are live.`)] : []),
      ...(rollouts > 1 ? [drift('two-rollouts', appId, `${rollouts} deployments are rolled out at once.`)] : []),
    ]
  })
}

const drift = (code: Drift['code'], appId: string, text: string): Drift => ({ code, appId, text })
