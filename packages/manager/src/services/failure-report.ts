import type { Failure } from '@rserve-proxy/contract/failures.ts'
import { failures } from '@rserve-proxy/contract/failures.ts'
import { failureFromLog } from '../domain/failure-from-log.ts'
import type { PendingFailure } from '../domain/plan-app.ts'
import { type Spawner, SpawnerError } from '../spawner/spawner.ts'

/** Turns what the plan saw into what people read: the first real error of the log. */
export type FailureReporter = (appId: string, failure: PendingFailure, signal: AbortSignal) => Promise<Failure>

export function createFailureReporter(spawner: Spawner): FailureReporter {
  return async (appId, { code, exit, replicaId }, signal) => {
    const lastLines = exit?.lastLines.length ? exit.lastLines : await lastLinesOf(spawner, appId, replicaId, signal)
    if (code === 'never-healthy') return { code, detail: failures[code].advice, lastLines }
    if (code === 'out-of-memory') return { code, detail: failures[code].advice, lastLines }
    const found = failureFromLog({ lines: lastLines, ...(exit?.code !== undefined && { exitCode: exit.code }) })
    return { ...found, lastLines }
  }
}

/** None without a replica: the app's log is that of the generation which still serves. */
async function lastLinesOf(spawner: Spawner, appId: string, replicaId: string | undefined, signal: AbortSignal) {
  if (!replicaId) return []
  try {
    const lines = await Array.fromAsync(spawner.logs(appId, { replicaId, tail: 200, follow: false }, signal))
    return lines.map(({ text }) => text).slice(-200)
  } catch (error) {
    if (!(error instanceof SpawnerError) || error.isRetryable) throw error
    return [] // The deployment has failed all the same; it must not wait for a log that never comes.
  }
}
