import { and, eq, isNull, lt, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { idempotencyKeys } from '../db/schema.ts'

export type IdempotencyRow = typeof idempotencyKeys.$inferSelect
type Key = Pick<IdempotencyRow, 'userId' | 'key'>

export type IdempotencyRepository = ReturnType<typeof createIdempotencyRepository>

export function createIdempotencyRepository(db: Db) {
  const isKey = ({ userId, key }: Key) => and(eq(idempotencyKeys.userId, userId), eq(idempotencyKeys.key, key))
  return {
    /** True for the one who made the row; the primary key decides. */
    async claim({ userId, key, requestHash }: Key & { requestHash: string }): Promise<boolean> {
      const rows = await db
        .insert(idempotencyKeys)
        .values({ userId, key, requestHash })
        .onConflictDoNothing()
        .returning({ key: idempotencyKeys.key })
      return rows.length > 0
    },

    async find(key: Key): Promise<IdempotencyRow | undefined> {
      const [row] = await db.select().from(idempotencyKeys).where(isKey(key))
      return row
    },

    async setAnswer(key: Key, answer: NonNullable<IdempotencyRow['answer']>): Promise<void> {
      await db.update(idempotencyKeys).set({ answer }).where(isKey(key))
    },

    async remove(key: Key): Promise<void> {
      await db.delete(idempotencyKeys).where(isKey(key))
    },

    /** Forgets answers after a day, and after `runSeconds` requests that a killed manager never answered. */
    async purge(runSeconds: number): Promise<void> {
      await db.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, sql`now() - interval '1 day'`))
      await db
        .delete(idempotencyKeys)
        .where(
          and(
            isNull(idempotencyKeys.answer),
            lt(idempotencyKeys.createdAt, sql`now() - make_interval(secs => ${runSeconds})`),
          ),
        )
    },
  }
}
