import { isDeepStrictEqual } from 'node:util'
import { type DeploymentKind, isPending } from '@rserve-proxy/contract/deployments.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { plannedSteps } from '../domain/steps.ts'
import type { AppRow } from '../repositories/apps.ts'
import type { BuildRow, DeploymentRow } from '../repositories/deployments.ts'
import type { ReleaseRow } from '../repositories/releases.ts'
import type { Store } from '../repositories/store.ts'
import type { UploadRow } from '../repositories/uploads.ts'
import { lockedApp } from './access.ts'
import type { Admission, Room } from './admission.ts'
import { resolveRVersion } from './apps.ts'
import { actOf, onApp } from './audit-record.ts'
import type { Asked, Verb } from './deployment-service.ts'
import { endPending } from './end-deployments.ts'
import type { Principal } from './principal.ts'
import { releaseOf } from './releases.ts'
import { appliedSettings } from './saved-settings.ts'
import { memoryLimitOf } from './workload-spec.ts'

export interface RequestDeps {
  store: Store
  admission: Pick<Admission, 'room'>
  runtimes: () => Promise<string[]>
  newId: () => string
  now: () => Date
}

export interface Requested {
  deploymentId: string
  /** Builds that were cancelled by this request and may be running in this process. */
  abortedBuilds: string[]
}

interface Situation {
  store: Store
  principal: Principal
  app: AppRow
  /** Pending deployments, oldest first. */
  pending: DeploymentRow[]
  live: DeploymentRow | undefined
  deps: RequestDeps
  /** Exact R version for a build; resolved before the transaction, which does no I/O but SQL. */
  rVersion: string
  /** Throws when what is asked for does not fit; measured before the transaction. */
  refuseShortage: Room
  asked: Asked
}

/** Writes what is asked for as rows, in one transaction under the app's row lock. */
export async function requestDeployment(
  deps: RequestDeps,
  principal: Principal,
  appId: string,
  verb: Verb,
  asked: Asked = {},
): Promise<Requested> {
  const rVersion = await exactRVersion(deps, principal, appId, verb)
  const refuseShortage = await deps.admission.room(AbortSignal.timeout(5_000))
  return deps.store.transaction(async (store) => {
    const app = await lockedApp(store, principal, appId, 'edit')
    const active = await store.deployments.active([appId])
    const pending = active.filter((row) => isPending(row.status))
    const live = active.find((row) => row.status === 'live')
    const requested = await verbs[verb]({ store, principal, app, pending, live, deps, rVersion, refuseShortage, asked })
    await store.audit.record(actOf(principal, `app.${verb}`, { ...onApp(app), detail: requested.deploymentId }))
    return requested
  })
}

async function exactRVersion({ store, runtimes }: RequestDeps, principal: Principal, appId: string, verb: Verb) {
  if (buildsNothing.includes(verb)) return ''
  const app = await store.apps.findVisible(appId, principal)
  return app ? resolveRVersion(runtimes, app.rVersion) : ''
}

const buildsNothing: Verb[] = ['stop', 'restart', 'rollback', 'apply']

const verbs: Record<Verb, (situation: Situation) => Promise<Requested>> = {
  async stop(situation) {
    const { store, app, pending, live, deps } = situation
    const running = pending.find((row) => row.kind === 'stop')
    if (running) return { deploymentId: running.id, abortedBuilds: [] }
    const newest = (await store.deployments.newestOf([app.id]))[0]?.deployment
    if (newest?.kind === 'stop' && app.desiredState === 'stopped') return { deploymentId: newest.id, abortedBuilds: [] }
    const abortedBuilds = await endPending(store, deps, pending, 'cancelled')
    await setDesired(situation, 'stopped')
    const deploymentId = await insert(situation, 'stop', { releaseNumber: live?.releaseNumber ?? null })
    return { deploymentId, abortedBuilds }
  },

  async start(situation) {
    const { store, app, pending, live } = situation
    const coming = pending.find((row) => row.kind !== 'stop')
    if (coming) return { deploymentId: coming.id, abortedBuilds: [] }
    if (live && app.desiredState === 'running') return { deploymentId: live.id, abortedBuilds: [] }
    const release = await store.releases.lastServed(app.id)
    if (!release) return build(situation, 'start')
    return runRelease(situation, 'start', (await releaseWithSaved(situation, release)) ?? release)
  },

  async restart(situation) {
    const same = situation.pending.find((row) => row.kind === 'restart')
    if (same) return { deploymentId: same.id, abortedBuilds: [] }
    refuseBusy(situation)
    return runRelease(situation, 'restart', await lastServed(situation))
  },

  async apply(situation) {
    const same = situation.pending.find((row) => row.kind === 'settings')
    if (same) return { deploymentId: same.id, abortedBuilds: [] }
    refuseBusy(situation)
    const release = await releaseWithSaved(situation, await lastServed(situation))
    if (release) return runRelease(situation, 'settings', release)
    throw new Problem('nothing-to-deploy', {
      detail: 'No saved setting waits to be applied. What changes code or packages needs a deployment.',
    })
  },

  /** What it overtakes would undo it; one that switches already is rolled back after it. */
  async rollback(situation) {
    const { store, app, pending, live, deps, asked } = situation
    const { release: number = 0 } = asked
    const release = await releaseOf(store, app.id, number)
    const same = pending.find((row) => row.kind === 'rollback' && row.releaseNumber === number)
    if (same) return { deploymentId: same.id, abortedBuilds: [] }
    const overtaken = pending.filter((row) => row.kind !== 'stop' && row.status !== 'switching')
    if (live?.releaseNumber === number && pending.length === 0)
      throw new Problem('nothing-to-deploy', { detail: `Release ${number} is the one that runs.` })
    const abortedBuilds = await endPending(store, deps, overtaken, 'superseded')
    return { ...(await runRelease(situation, 'rollback', release)), abortedBuilds }
  },

  deploy: (situation) => build(situation, 'deploy'),
  rebuild: (situation) => build(situation, 'rebuild'),
}

function refuseBusy({ pending }: Situation) {
  if (pending.every((row) => row.kind === 'stop')) return
  throw new Problem('app-busy', { detail: 'A deployment is running. Wait for it, or cancel it first.' })
}

async function lastServed({ store, app }: Situation): Promise<ReleaseRow> {
  const release = await store.releases.lastServed(app.id)
  if (release) return release
  throw new Problem('nothing-to-deploy', { detail: 'Nothing was built yet. Deploy first.' })
}

/** The same image with the saved settings is another release, so that rollback and diff tell what happened. */
async function releaseWithSaved({ store, app, deps }: Situation, base: ReleaseRow): Promise<ReleaseRow | undefined> {
  const settings = appliedSettings(app, base)
  if (!settings) return undefined
  const number = await store.apps.next(app.id, 'releaseNumber')
  const release = { ...base, id: deps.newId(), number, settings, createdAt: deps.now() }
  await store.releases.insert({ ...release, ...(await store.releases.details(base.id)) })
  return release
}

async function runRelease(situation: Situation, kind: DeploymentKind, release: ReleaseRow): Promise<Requested> {
  if (release.imageRemovedAt) {
    const detail = `The image of release ${release.number} was removed: only the last ones are kept. Deploy its code again.`
    throw new Problem('release-expired', { detail })
  }
  situation.refuseShortage({ replicas: situation.app.replicas, limitBytes: memoryLimitOf(release.settings) })
  await endStops(situation)
  await setDesired(situation, 'running')
  const deploymentId = await insert(situation, kind, { releaseId: release.id, releaseNumber: release.number })
  return { deploymentId, abortedBuilds: [] }
}

async function build(situation: Situation, kind: 'start' | 'deploy' | 'rebuild'): Promise<Requested> {
  const { store, app, pending, deps } = situation
  const upload = await newestUpload(store, app)
  const facts = {
    source: app.codeSource,
    ...(upload && { uploadId: upload.id }),
    settings: settingsOf(app, situation.rVersion),
    buildTimeoutSeconds: app.buildTimeoutSeconds,
    anew: kind === 'rebuild',
    rVersionAsked: app.rVersion,
    ...(situation.asked.updatePackages && { updatePackages: true }),
  }
  const same = await findSame(store, pending, kind, facts)
  if (same) return { deploymentId: same.id, abortedBuilds: [] }
  situation.refuseShortage({ replicas: app.replicas, limitBytes: memoryLimitOf(app) })
  await endStops(situation)
  await supersedeQueued(situation)
  await setDesired(situation, 'running')
  const releaseNumber = await store.apps.next(app.id, 'releaseNumber')
  const deploymentId = await insert(situation, kind, { releaseNumber, builds: true })
  await store.builds.insert({ id: deps.newId(), appId: app.id, deploymentId, status: 'queued', facts })
  return { deploymentId, abortedBuilds: [] }
}

async function newestUpload(store: Store, app: AppRow): Promise<UploadRow | undefined> {
  if (app.codeSource.type === 'git') return undefined
  const upload = await store.uploads.newest(app.id)
  if (!upload) throw new Problem('nothing-to-deploy', { detail: 'Upload code first, in the field “bundle”.' })
  return upload
}

/** A repeat answers the same deployment; other code (a newer upload) or other settings are no repeat. */
async function findSame(store: Store, pending: DeploymentRow[], kind: DeploymentKind, facts: BuildRow['facts']) {
  const same = pending.findLast((row) => row.kind === kind)
  const build = same && (await store.builds.findByDeployment(same.id))
  return isDeepStrictEqual(build?.facts, facts) ? same : undefined
}

async function supersedeQueued({ store, app, deps }: Situation) {
  const queued = await store.builds.findQueued(app.id)
  const deployment = queued && (await store.deployments.find(queued.deploymentId))
  if (deployment) await endPending(store, deps, [deployment], 'superseded')
}

async function endStops({ store, deps, pending }: Situation) {
  await endPending(
    store,
    deps,
    pending.filter((row) => row.kind === 'stop'),
    'superseded',
  )
}

async function setDesired({ store, app }: Situation, desiredState: 'running' | 'stopped') {
  if (app.desiredState !== desiredState) await store.apps.update(app.id, { desiredState })
}

async function insert(
  { store, app, principal, deps }: Situation,
  kind: DeploymentKind,
  { builds = false, ...release }: { releaseId?: string; releaseNumber: number | null; builds?: boolean },
): Promise<string> {
  const id = deps.newId()
  const steps = plannedSteps(kind, builds)
  await store.deployments.insert({
    id,
    appId: app.id,
    kind,
    status: 'queued',
    steps,
    requestedBy: principal.userId,
    createdAt: deps.now(),
    ...release,
  })
  return id
}

function settingsOf(app: AppRow, rVersion: string) {
  const { entryScript, mode, resources, drainSeconds, startTimeoutSeconds, egress, reuseConnections } = app
  const { packages, systemPackages } = app
  return {
    rVersion,
    entryScript,
    mode,
    resources,
    drainSeconds,
    startTimeoutSeconds,
    egress,
    reuseConnections,
    packages,
    systemPackages,
  }
}
