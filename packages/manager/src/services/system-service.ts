export interface SystemService {
  /** `db: false` = 503. 'degraded' = the engine does not answer; apps keep running. */
  health(): Promise<{ status: 'ok' | 'degraded'; db: boolean }>
  /** True once migrations, the first database load and the first look at the engine are done. */
  isReady(): Promise<boolean>
  /** Offered R versions, newest first. */
  runtimes(signal: AbortSignal): Promise<string[]>
}
