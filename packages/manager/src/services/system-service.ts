import type { Health, System } from '@rserve-proxy/contract/system.ts'

export interface SystemService {
  /** `db: false` = 503. */
  health(): Promise<Health>
  /** True once migrations, the first database load and the first look at the engine are done. */
  isReady(): Promise<boolean>
  /** Looked at now. Admins only: 'not-allowed'. */
  overview(signal: AbortSignal): Promise<System>
  /** Offered R versions, newest first. */
  runtimes(): Promise<string[]>
}
