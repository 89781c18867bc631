import { isPending } from '@rserve-proxy/contract/deployments.ts'
import type { LogsQuery } from '@rserve-proxy/contract/logs.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Static } from '@sinclair/typebox'
import type { BuildRow, DeploymentRow } from '../repositories/deployments.ts'
import type { Store } from '../repositories/store.ts'
import type { CodeStorage } from '../sources/code-storage.ts'
import type { LogLine, Spawner } from '../spawner/spawner.ts'
import { visibleApp } from './access.ts'
import { batched } from './batched.ts'
import { readBuildLog, tailOffset } from './build-log.ts'
import type { LogEvent, LogService } from './log-service.ts'

type Query = Static<typeof LogsQuery>

export interface LogServiceDeps {
  store: Store
  storage: CodeStorage
  spawner: Spawner
}

/** Ids of the runtime log; anything else in Last-Event-ID is not ours, and the log begins at its beginning. */
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/

export function createLogService(deps: LogServiceDeps): LogService {
  return {
    async check(principal, appId) {
      await visibleApp(deps.store, principal, appId, 'view')
    },

    async open(principal, appId, query, { after }, signal) {
      await visibleApp(deps.store, principal, appId, 'view')
      if (query.stream === 'build') return buildLog(deps, appId, query, after, signal)
      return runtimeLog(deps, appId, query, after && isoTime.test(after) ? after : undefined, signal)
    },
  }
}

async function buildLog(
  { store, storage }: LogServiceDeps,
  appId: string,
  query: Query,
  after: string | undefined,
  signal: AbortSignal,
) {
  const deployment = await deploymentOf(store, appId, query.deployment)
  const build = deployment && (await store.builds.findByDeployment(deployment.id))
  if (!build) return ended(deployment?.status ?? 'no build')
  const path = storage.buildLog(build.id)
  const resumeAt = after && /^\d{1,15}$/.test(after) ? Number(after) : undefined
  const from = resumeAt ?? (query.tail === undefined ? 0 : await tailOffset(path, query.tail))
  return followBuild(store, build, path, from, query.follow ?? false, signal)
}

async function deploymentOf(
  store: Store,
  appId: string,
  deploymentId: string | undefined,
): Promise<DeploymentRow | undefined> {
  if (!deploymentId) return store.deployments.newestWithBuild(appId)
  const row = await store.deployments.find(deploymentId)
  if (row?.appId !== appId) throw new Problem('deployment-not-found', { detail: 'This app has no such deployment.' })
  return row
}

async function* followBuild(
  store: Store,
  build: BuildRow,
  path: string,
  from: number,
  follow: boolean,
  signal: AbortSignal,
): AsyncGenerator<LogEvent> {
  const current = async () => (await store.builds.find(build.id))?.status ?? 'cancelled'
  const isComplete = async () => !follow || !['queued', 'running'].includes(await current())
  for await (const { lines, offset } of readBuildLog(path, from, isComplete, signal)) {
    yield { type: 'lines', id: String(offset), lines: lines.map((text) => ({ text })) }
  }
  if (!signal.aborted) yield { type: 'end', result: await current() }
}

async function* ended(result: string): AsyncGenerator<LogEvent> {
  yield { type: 'end', result }
}

async function* runtimeLog(
  { spawner, store }: LogServiceDeps,
  appId: string,
  query: Query,
  after: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<LogEvent> {
  const options = {
    ...(query.replica && { replicaId: query.replica }),
    ...(query.tail !== undefined && after === undefined && { tail: query.tail }),
    ...((after ?? query.since) && { since: after ?? query.since }),
    follow: query.follow ?? false,
  }
  const lines = unseen(spawner.logs(appId, options, signal), after)
  for await (const batch of batched(lines, { maxItems: 500, maxMs: 100 })) {
    const entries = batch.map(({ text, time, replicaId }) => ({ text, time, replica: replicaId }))
    yield { type: 'lines', id: batch.at(-1)?.time ?? '', lines: entries }
  }
  if (!signal.aborted) yield { type: 'end', result: await resultOf(store, appId) }
}

/** The engine's `since` includes its own instant. */
async function* unseen(lines: AsyncIterable<LogLine>, after: string | undefined): AsyncGenerator<LogLine> {
  for await (const line of lines) if (!after || line.time > after) yield line
}

async function resultOf(store: Store, appId: string) {
  const app = await store.apps.find(appId)
  const active = await store.deployments.active([appId])
  return active.some((row) => isPending(row.status)) ? 'replaced' : (app?.desiredState ?? 'deleted')
}
