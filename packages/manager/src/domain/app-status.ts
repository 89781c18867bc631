import type { AppStatus } from '@rserve-proxy/contract/apps.ts'
import { type DeploymentKind, type DeploymentStatus, isPending } from '@rserve-proxy/contract/deployments.ts'
import type { Failure } from '@rserve-proxy/contract/failures.ts'
import { failures } from '@rserve-proxy/contract/failures.ts'
import type { ObservedWorkload } from '../spawner/spawner.ts'
import type { Crashes } from './crashes.ts'

export interface StatusFacts {
  desiredState: 'running' | 'stopped'
  live:
    | {
        generation: number
        release: number
        replicas: number
        crashes?: Crashes | undefined
        nextTryAt?: string | undefined
      }
    | undefined
  /** The newest deployment. */
  newest:
    | { kind: DeploymentKind; status: DeploymentStatus; release: number | null; failure: Failure | null }
    | undefined
  /** Undefined: the engine shows nothing of this app. */
  observed: ObservedWorkload | undefined
  /** Set while the engine does not answer, or was not read yet. */
  unknownSince: string | undefined
}

export interface DerivedStatus {
  status: AppStatus
  detail: string | null
}

/** Derived from what is asked and what is seen; never stored. */
export function appStatus(facts: StatusFacts): DerivedStatus {
  if (facts.unknownSince) return { status: 'unknown', detail: `Engine not reachable since ${facts.unknownSince}` }
  if (facts.desiredState === 'stopped') return stoppedStatus(facts)
  return facts.live ? liveStatus(facts, facts.live) : startingStatus(facts)
}

function stoppedStatus({ newest, observed }: StatusFacts): DerivedStatus {
  if (!newest) return { status: 'draft', detail: null }
  return { status: 'stopped', detail: observed?.replicas.length ? 'Ending the last sessions' : null }
}

function startingStatus({ newest }: StatusFacts): DerivedStatus {
  if (!newest) return { status: 'draft', detail: null }
  if (isPending(newest.status)) return { status: 'starting', detail: null }
  if (newest.failure) return { status: 'failed', detail: failures[newest.failure.code].title }
  return newest.status === 'cancelled'
    ? { status: 'draft', detail: 'The deployment was cancelled' }
    : { status: 'starting', detail: null }
}

function liveStatus({ newest, observed }: StatusFacts, live: NonNullable<StatusFacts['live']>): DerivedStatus {
  const replicas = observed?.replicas.filter((replica) => replica.generation === live.generation) ?? []
  const healthy = replicas.filter((replica) => replica.health === 'healthy').length
  if (healthy >= live.replicas) return { status: 'running', detail: servingDetail(newest, live.release) }
  if (healthy > 0) return { status: 'degraded', detail: `${healthy} of ${live.replicas} replicas healthy` }
  if (live.crashes?.loopSince) return { status: 'crash-loop', detail: loopDetail(live.crashes, live.nextTryAt) }
  if (replicas.some(({ health }) => health === 'exited'))
    return { status: 'degraded', detail: `It ended${reasonOf(live.crashes)} and is started again` }
  if (replicas.some(({ health }) => health === 'unhealthy'))
    return { status: 'degraded', detail: 'It stopped answering' }
  return { status: 'starting', detail: 'Waiting for the first healthy replica' }
}

function servingDetail(newest: StatusFacts['newest'], release: number): string | null {
  if (!newest || newest.kind === 'stop') return null
  if (isPending(newest.status)) return `v${release} serves while v${newest.release ?? release} is deployed`
  if (newest.status !== 'failed' || !newest.failure) return null
  return `v${newest.release ?? '?'} failed: ${failures[newest.failure.code].title.toLowerCase()}`
}

function loopDetail(crashes: Crashes, nextTryAt: string | undefined) {
  const next = nextTryAt ? `; next try at ${nextTryAt.slice(11, 16)} UTC` : ''
  return `${crashes.deaths.length} deaths in ten minutes${reasonOf(crashes)}${next}`
}

function reasonOf(crashes: Crashes | undefined) {
  if (!crashes?.last) return ''
  if (crashes.last.outOfMemory) return ', out of memory'
  if (crashes.last.kind === 'unhealthy') return ', it stopped answering'
  return crashes.last.exitCode === null ? '' : `, exit code ${crashes.last.exitCode}`
}
