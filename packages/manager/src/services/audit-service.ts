import type { AuditEvent, ListAuditQuery } from '@rserve-proxy/contract/audit.ts'
import type { Page } from '@rserve-proxy/contract/common.ts'
import type { Principal } from './principal.ts'

export interface AuditService {
  list(query: ListAuditQuery): Promise<Page<AuditEvent>>
  /** All that the filters leave, newest first, as lines of CSV with a head (RFC 4180). */
  csv(query: ListAuditQuery): AsyncIterable<string>
  /** Somebody known wanted what he may not; told once a minute. */
  denied(principal: Principal, operation: string, appId: string | undefined): Promise<void>
}
