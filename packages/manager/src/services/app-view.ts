import type { App, Crash } from '@rserve-proxy/contract/apps.ts'
import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import type { ReleaseSummary } from '@rserve-proxy/contract/releases.ts'
import { appStatus, type DerivedStatus } from '../domain/app-status.ts'
import type { AppRow, VisibleApp } from '../repositories/apps.ts'
import type { DeploymentRow, DeploymentView } from '../repositories/deployments.ts'
import type { ReleaseRow } from '../repositories/releases.ts'
import type { Store } from '../repositories/store.ts'
import { wireDeployment, wireFailure } from './deployment-view.ts'
import { isWorkloadSpec } from './is-workload-spec.ts'
import type { Observation } from './observation.ts'
import { pendingSettings } from './saved-settings.ts'

export interface AppViewDeps {
  store: Store
  observation: Observation
  /** Absolute public address of a slug. */
  urlOf: (slug: string) => string
}

/** Wire forms of many apps in a fixed number of queries. */
export async function wireApps({ store, observation, urlOf }: AppViewDeps, rows: VisibleApp[]): Promise<App[]> {
  const ids = rows.map((row) => row.id)
  const owners = await store.apps.ownersOf([...new Set(rows.map((row) => row.ownerId))])
  const newest = new Map((await store.deployments.newestOf(ids)).map((view) => [view.deployment.appId, view]))
  const live = liveByApp(await store.deployments.active(ids))
  const releases = await releasesById(store, [...live.values()])
  const uploaded = await store.uploads.appsWithCode(ids)
  return rows.map((row) => {
    const liveOne = live.get(row.id)
    const view = newest.get(row.id)
    const sample = observation.sessionsOf(row.id)
    const status = statusOf(row, liveOne, view, observation)
    return {
      ...settingsOf(row),
      right: row.right,
      owner: { id: row.ownerId, username: owners.get(row.ownerId) ?? '' },
      domain: null,
      desiredState: row.desiredState === 'running' ? 'running' : 'stopped',
      status: status.status,
      statusDetail: status.detail,
      url: urlOf(row.slug),
      hasCode: row.codeSource.type === 'git' || uploaded.has(row.id),
      release: wireReleaseSummary(releases.get(liveOne?.releaseId ?? '')),
      deployment: view ? brief(wireDeployment(view, observation)) : null,
      sessions: sample?.sessions ?? null,
      sessionsAt: sample?.at ?? null,
      pendingSettings: pendingSettings(row, releases.get(liveOne?.releaseId ?? '')),
      crash: wireCrash(liveOne),
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
    }
  })
}

const briefLines = 20
const briefLine = 300

/** Of what was printed only the end: a list of apps would else be as long as the logs of those that failed. */
function brief(deployment: Deployment): Deployment {
  const { failure } = deployment
  if (!failure) return deployment
  const lastLines = failure.lastLines.slice(-briefLines).map((line) => line.slice(0, briefLine))
  return { ...deployment, failure: { ...failure, lastLines } }
}

export function wireReleaseSummary(release: ReleaseRow | undefined): ReleaseSummary | null {
  if (!release) return null
  return {
    number: release.number,
    revision: release.revision,
    rVersion: release.settings.rVersion,
    packageCount: release.packages.length,
    packagesFrom: release.packagesFrom,
    createdAt: release.createdAt.toISOString(),
  }
}

function settingsOf(row: AppRow) {
  const { id, slug, name, rVersion, packages, systemPackages, codeSource, entryScript, mode, replicas, resources } = row
  const { drainSeconds, startTimeoutSeconds, buildTimeoutSeconds, keepReleases, egress, reuseConnections, version } =
    row
  return {
    ...{ id, slug, name, rVersion, packages, systemPackages, codeSource, entryScript, mode, replicas, resources },
    ...{ drainSeconds, startTimeoutSeconds, buildTimeoutSeconds, keepReleases, egress, reuseConnections, version },
  }
}

function statusOf(
  row: AppRow,
  live: DeploymentRow | undefined,
  newest: DeploymentView | undefined,
  observation: Observation,
): DerivedStatus {
  return appStatus({
    desiredState: row.desiredState === 'running' ? 'running' : 'stopped',
    live: live && {
      generation: live.generation ?? 0,
      release: live.releaseNumber ?? 0,
      replicas: isWorkloadSpec(live.spec) ? live.spec.replicas : row.replicas,
      crashes: live.crashes ?? undefined,
      nextTryAt: live.times.holdUntil,
    },
    newest: newest && {
      kind: newest.deployment.kind,
      status: newest.deployment.status,
      release: newest.deployment.releaseNumber,
      failure: wireFailure(newest.deployment.failure),
    },
    observed: observation.of(row.id),
    unknownSince: observation.unknownSince(),
  })
}

function wireCrash(live: DeploymentRow | undefined): Crash | null {
  const last = live?.crashes?.last
  if (!live?.crashes || !last) return null
  const { deaths, loopSince = null } = live.crashes
  const { at, kind, exitCode, outOfMemory, lastLines } = last
  const nextTryAt = live.times.holdUntil ?? null
  return { at, kind, exitCode, outOfMemory, lastLines, deaths: deaths.length, loopSince, nextTryAt }
}

const liveByApp = (rows: DeploymentRow[]) =>
  new Map(rows.filter((row) => row.status === 'live').map((row) => [row.appId, row]))

async function releasesById(store: Store, deployments: DeploymentRow[]) {
  const ids = deployments.flatMap((row) => (row.releaseId ? [row.releaseId] : []))
  return new Map((await store.releases.listByIds(ids)).map((release) => [release.id, release]))
}
