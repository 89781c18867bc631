import type { AuditEvent, ListAuditQuery } from '@rserve-proxy/contract/audit.ts'
import type { AuditRow } from '../repositories/audit.ts'
import type { Store } from '../repositories/store.ts'
import { actOf } from './audit-record.ts'
import type { AuditService } from './audit-service.ts'
import { dateInCursor, decodeCursor, encodeCursor } from './page.ts'

const CSV_BATCH = 500

/** The same refusal again within it is told once: who may nothing must not fill the table. */
const QUIET_MS = 60_000
const mostRefusals = 10_000

export function createAuditService(store: Pick<Store, 'audit'>, now: () => Date): AuditService {
  const refusedAt = new Map<string, number>()

  function isNews(refusal: string): boolean {
    const at = now().getTime()
    if (at - (refusedAt.get(refusal) ?? 0) < QUIET_MS) return false
    if (refusedAt.size >= mostRefusals) refusedAt.clear()
    refusedAt.set(refusal, at)
    return true
  }

  return {
    async list(query) {
      const { limit = 50, cursor } = query
      const [at = '', id = ''] = cursor ? decodeCursor(cursor, 2) : []
      const after = cursor ? { at: dateInCursor(at), id } : undefined
      const rows = await store.audit.list(filterOf(query), limit + 1, after)
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const nextCursor = last && rows.length > limit ? encodeCursor([last.at.toISOString(), last.id]) : null
      return { items: page.map(wireEvent), nextCursor }
    },

    async *csv(query) {
      yield `${columns.join(',')}\r\n`
      for (let after: { at: Date; id: string } | undefined; ; ) {
        const rows = await store.audit.list(filterOf(query), CSV_BATCH, after)
        if (rows.length > 0) yield rows.map(csvLine).join('')
        after = rows.at(-1)
        if (rows.length < CSV_BATCH) return
      }
    },

    async denied(principal, operation, appId) {
      if (!isNews([principal.userId, principal.tokenId, operation, appId].join())) return
      const about = {
        result: 'denied' as const,
        detail: operation,
        ...(appId && { objectType: 'app', objectId: appId, appId }),
      }
      await store.audit.record(actOf(principal, 'access', about))
    },
  }
}

const filterOf = ({ actor, action, appId, result, since, until }: ListAuditQuery) => ({
  ...{ actor, action, appId, result },
  since: since === undefined ? undefined : new Date(since),
  until: until === undefined ? undefined : new Date(until),
})

function wireEvent(row: AuditRow): AuditEvent {
  const { id, auth, tokenId, address, action, appId, result, detail, requestId } = row
  return {
    ...{ id, auth, tokenId, address, action, appId, result, detail, requestId },
    at: row.at.toISOString(),
    actor: row.actorName === null ? null : { id: row.actorId, name: row.actorName },
    object: row.objectType === null ? null : { type: row.objectType, id: row.objectId, name: row.objectName },
  }
}

const columns = [
  ...['at', 'actorId', 'actorName', 'auth', 'tokenId', 'address', 'action', 'objectType', 'objectId', 'objectName'],
  ...['appId', 'result', 'detail', 'requestId'],
] as const satisfies (keyof AuditRow)[]

const csvLine = (row: AuditRow) => `${columns.map((name) => csvField(row[name])).join(',')}\r\n`

/** A spreadsheet would run what begins like a formula ([OWASP](https://owasp.org/www-community/attacks/CSV_Injection)). */
function csvField(value: Date | string | null): string {
  const text = value instanceof Date ? value.toISOString() : (value ?? '')
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
