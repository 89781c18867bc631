import type { Cleanup } from '@rserve-proxy/contract/system.ts'
import type { Principal } from './principal.ts'

export interface CleanupService {
  /** Removes what no kept release needs, and only what this installation has made. Admins only: 'not-allowed'. */
  run(principal: Principal, options: { dryRun: boolean }, signal: AbortSignal): Promise<Cleanup>
}
