import { and, desc, eq, gte, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { auditEvents } from '../db/schema.ts'

export type AuditRow = typeof auditEvents.$inferSelect
export type NewAuditEvent = Omit<typeof auditEvents.$inferInsert, 'id' | 'at'>

export interface AuditFilter {
  /** User id, or a name that was given. */
  actor?: string | undefined
  action?: string | undefined
  appId?: string | undefined
  result?: AuditRow['result'] | undefined
  since?: Date | undefined
  until?: Date | undefined
}

export type AuditRepository = ReturnType<typeof createAuditRepository>

/** Rows are only ever added: the database refuses anything else. */
export function createAuditRepository(db: Db) {
  return {
    async record(event: NewAuditEvent): Promise<void> {
      await db.insert(auditEvents).values(event)
    },

    /** Newest first, from behind `after` on. */
    async list(filter: AuditFilter, limit: number, after?: { at: Date; id: string }): Promise<AuditRow[]> {
      return db
        .select()
        .from(auditEvents)
        .where(and(matching(filter), after && olderThan(after)))
        .orderBy(desc(auditEvents.at), desc(auditEvents.id))
        .limit(limit)
    },
  }
}

function matching({ actor, action, appId, result, since, until }: AuditFilter): SQL | undefined {
  return and(
    actor === undefined
      ? undefined
      : or(sql`${auditEvents.actorId}::text = ${actor}`, sql`lower(${auditEvents.actorName}) = lower(${actor})`),
    action === undefined ? undefined : eq(auditEvents.action, action),
    appId === undefined ? undefined : eq(auditEvents.appId, appId),
    result === undefined ? undefined : eq(auditEvents.result, result),
    since && gte(auditEvents.at, since),
    until && lt(auditEvents.at, until),
  )
}

const olderThan = ({ at, id }: { at: Date; id: string }) =>
  or(lt(auditEvents.at, at), and(eq(auditEvents.at, at), lt(auditEvents.id, id)))
