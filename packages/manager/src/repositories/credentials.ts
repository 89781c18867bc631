import { and, asc, count, eq } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { credentials } from '../db/schema.ts'

export type CredentialRow = typeof credentials.$inferSelect

export type CredentialRepository = ReturnType<typeof createCredentialRepository>

export function createCredentialRepository(db: Db) {
  const mine = (ownerId: string, id: string) => and(eq(credentials.id, id), eq(credentials.ownerId, ownerId))
  return {
    async insert(credential: typeof credentials.$inferInsert): Promise<CredentialRow> {
      const [row] = await db.insert(credentials).values(credential).returning()
      if (!row) throw new Error('an insert answers its row')
      return row
    },

    async listOf(ownerId: string): Promise<CredentialRow[]> {
      return db.select().from(credentials).where(eq(credentials.ownerId, ownerId)).orderBy(asc(credentials.createdAt))
    },

    async countOf(ownerId: string): Promise<number> {
      const [row] = await db.select({ count: count() }).from(credentials).where(eq(credentials.ownerId, ownerId))
      return row?.count ?? 0
    },

    async find(ownerId: string, id: string): Promise<CredentialRow | undefined> {
      const [row] = await db.select().from(credentials).where(mine(ownerId, id))
      return row
    },

    /** False: there is none. */
    async remove(ownerId: string, id: string): Promise<boolean> {
      const rows = await db.delete(credentials).where(mine(ownerId, id)).returning({ id: credentials.id })
      return rows.length > 0
    },

    async touch(id: string, at: Date): Promise<void> {
      await db.update(credentials).set({ lastUsedAt: at }).where(eq(credentials.id, id))
    },

    async listAll(): Promise<CredentialRow[]> {
      return db.select().from(credentials)
    },

    /** Only if nobody else did it meanwhile. */
    async reseal(id: string, from: string, to: string): Promise<void> {
      await db
        .update(credentials)
        .set({ secret: to })
        .where(and(eq(credentials.id, id), eq(credentials.secret, from)))
    },
  }
}
