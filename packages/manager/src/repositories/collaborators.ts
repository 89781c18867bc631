import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { appCollaborators, users } from '../db/schema.ts'

export interface CollaboratorRow {
  userId: string
  username: string
  role: 'viewer' | 'editor'
}

export type CollaboratorRepository = ReturnType<typeof createCollaboratorRepository>

export function createCollaboratorRepository(db: Db) {
  const entry = (appId: string, userId: string) =>
    and(eq(appCollaborators.appId, appId), eq(appCollaborators.userId, userId))
  return {
    async listOf(appId: string): Promise<CollaboratorRow[]> {
      return db
        .select({ userId: users.id, username: users.username, role: appCollaborators.role })
        .from(appCollaborators)
        .innerJoin(users, eq(users.id, appCollaborators.userId))
        .where(eq(appCollaborators.appId, appId))
        .orderBy(asc(users.username))
    },

    async put(appId: string, userId: string, role: CollaboratorRow['role']): Promise<void> {
      await db
        .insert(appCollaborators)
        .values({ appId, userId, role })
        .onConflictDoUpdate({ target: [appCollaborators.appId, appCollaborators.userId], set: { role } })
    },

    /** False: there was no such entry. */
    async remove(appId: string, userId: string): Promise<boolean> {
      const rows = await db.delete(appCollaborators).where(entry(appId, userId)).returning()
      return rows.length > 0
    },
  }
}
