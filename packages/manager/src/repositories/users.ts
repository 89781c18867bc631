import { eq, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { users } from '../db/schema.ts'

export type UserRow = typeof users.$inferSelect
export type NewUser = Pick<UserRow, 'id' | 'username' | 'passwordHash' | 'role'>

export type UserRepository = ReturnType<typeof createUserRepository>

export function createUserRepository(db: Db) {
  return {
    async findByUsername(username: string): Promise<UserRow | undefined> {
      const [row] = await db.select().from(users).where(sql`lower(${users.username}) = lower(${username})`)
      return row
    },

    /** False when the name is taken; nothing changes then. */
    async insertIfNew(user: NewUser): Promise<boolean> {
      const rows = await db.insert(users).values(user).onConflictDoNothing().returning({ id: users.id })
      return rows.length > 0
    },

    async setPasswordHash(userId: string, passwordHash: string): Promise<void> {
      await db.update(users).set({ passwordHash }).where(eq(users.id, userId))
    },
  }
}
