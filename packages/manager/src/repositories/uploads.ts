import { desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { uploads } from '../db/schema.ts'

export type UploadRow = typeof uploads.$inferSelect
export type NewUpload = typeof uploads.$inferInsert

export type UploadRepository = ReturnType<typeof createUploadRepository>

export function createUploadRepository(db: Db) {
  return {
    async insert(upload: NewUpload): Promise<void> {
      await db.insert(uploads).values(upload)
    },

    async find(uploadId: string): Promise<UploadRow | undefined> {
      const [row] = await db.select().from(uploads).where(eq(uploads.id, uploadId))
      return row
    },

    async newest(appId: string): Promise<UploadRow | undefined> {
      const [row] = await db
        .select()
        .from(uploads)
        .where(eq(uploads.appId, appId))
        .orderBy(desc(uploads.createdAt))
        .limit(1)
      return row
    },

    async newestFirst(appId: string): Promise<UploadRow[]> {
      return db.select().from(uploads).where(eq(uploads.appId, appId)).orderBy(desc(uploads.createdAt))
    },

    async remove(uploadId: string): Promise<void> {
      await db.delete(uploads).where(eq(uploads.id, uploadId))
    },

    /** Which of these apps have at least one upload. */
    async appsWithCode(appIds: string[]): Promise<Set<string>> {
      if (appIds.length === 0) return new Set()
      const rows = await db.selectDistinct({ appId: uploads.appId }).from(uploads).where(inArray(uploads.appId, appIds))
      return new Set(rows.map((row) => row.appId))
    },

    async ids(appId: string): Promise<string[]> {
      const rows = await db
        .select({ id: uploads.id })
        .from(uploads)
        .where(eq(uploads.appId, appId))
        .orderBy(sql`created_at`)
      return rows.map((row) => row.id)
    },
  }
}
