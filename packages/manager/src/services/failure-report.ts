import type { FailureCode } from '@rserve-proxy/contract/failures.ts'
import { failures } from '@rserve-proxy/contract/failures.ts'
import { failureFromLog } from '../domain/failure-from-log.ts'
import type { PendingFailure } from '../domain/plan-app.ts'
import type { Spawner } from '../spawner/spawner.ts'

export interface FailureReport {
  code: FailureCode
  detail: string
  lastLines: string[]
}

/** Turns what the plan saw into what people read: the first real error of the log. */
export type FailureReporter = (appId: string, failure: PendingFailure, signal: AbortSignal) => Promise<FailureReport>

export function createFailureReporter(spawner: Spawner): FailureReporter {
  return async (appId, { code, exit, replicaId }, signal) => {
    const lastLines = exit?.lastLines.length ? exit.lastLines : await lastLinesOf(spawner, appId, replicaId, signal)
    if (code === 'never-healthy') return { code, detail: failures[code].advice, lastLines }
    if (code === 'out-of-memory') return { code, detail: failures[code].advice, lastLines }
    const found = failureFromLog({ lines: lastLines, ...(exit?.code !== undefined && { exitCode: exit.code }) })
    return { code: found.code, detail: found.detail, lastLines }
  }
}

async function lastLinesOf(spawner: Spawner, appId: string, replicaId: string | undefined, signal: AbortSignal) {
  const lines: string[] = []
  const options = { ...(replicaId && { replicaId }), tail: 200, follow: false }
  for await (const line of spawner.logs(appId, options, signal)) lines.push(line.text)
  return lines.slice(-200)
}
