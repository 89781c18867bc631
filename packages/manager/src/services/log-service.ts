import type { LogsQuery } from '@rserve-proxy/contract/logs.ts'
import type { Static } from '@sinclair/typebox'
import type { Principal } from './principal.ts'

export interface LogEntry {
  text: string
  time?: string
  replica?: string
}

/** A batch of lines with the id that resumes after it, or the end with the result. */
export type LogEvent = { type: 'lines'; id: string; lines: LogEntry[] } | { type: 'end'; result: string }

export interface LogService {
  /** Throws when the caller may not see the logs of this app. */
  check(principal: Principal, appId: string): Promise<void>
  /** `after` is the id of the last event that the client has (Last-Event-ID). Ends at the end of the log without follow. */
  open(
    principal: Principal,
    appId: string,
    query: Static<typeof LogsQuery>,
    options: { after?: string },
    signal: AbortSignal,
  ): Promise<AsyncIterable<LogEvent>>
}
