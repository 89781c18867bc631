import { Problem } from '@rserve-proxy/contract/problems.ts'
import { and, asc, count, eq, gt, ilike, isNull, max, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { violatedUnique } from '../db/errors.ts'
import { apps, loginSessions, users } from '../db/schema.ts'
import { isLike } from './like.ts'

export type UserRow = typeof users.$inferSelect
export type NewUser = Pick<UserRow, 'id' | 'username' | 'passwordHash' | 'role'> &
  Partial<Pick<UserRow, 'displayName' | 'email'>>
export type UserChange = Partial<Pick<UserRow, 'role' | 'displayName' | 'email' | 'passwordHash' | 'disabledAt'>>

export interface AccountRow extends UserRow {
  apps: number
  lastSeenAt: Date | null
}

const isNamed = (username: string) => sql`lower(${users.username}) = lower(${username})`

export type UserRepository = ReturnType<typeof createUserRepository>

export function createUserRepository(db: Db) {
  return {
    async findByUsername(username: string): Promise<UserRow | undefined> {
      const [row] = await db.select().from(users).where(isNamed(username))
      return row
    },

    async find(userId: string): Promise<UserRow | undefined> {
      const [row] = await db.select().from(users).where(eq(users.id, userId))
      return row
    },

    /** Locks the row until the transaction ends. */
    async lock(userId: string): Promise<UserRow | undefined> {
      const [row] = await db.select().from(users).where(eq(users.id, userId)).for('update')
      return row
    },

    async isAnybodyThere(): Promise<boolean> {
      return (await db.select({ id: users.id }).from(users).limit(1)).length > 0
    },

    /** False when the name is taken; nothing changes then. */
    async insertIfNew(user: NewUser): Promise<boolean> {
      const rows = await db.insert(users).values(user).onConflictDoNothing().returning({ id: users.id })
      return rows.length > 0
    },

    /** 'username-taken' is decided by the database. */
    async insert(user: NewUser): Promise<void> {
      try {
        await db.insert(users).values(user)
      } catch (error) {
        if (violatedUnique(error) !== 'users_username') throw error
        throw new Problem('username-taken', { detail: `There is a user ${user.username}, in this or another case.` })
      }
    },

    async update(userId: string, change: UserChange): Promise<void> {
      await db.update(users).set(change).where(eq(users.id, userId))
    },

    /** Ends every login session and token that began before. */
    async raiseEpoch(userId: string): Promise<void> {
      await db
        .update(users)
        .set({ authEpoch: sql`${users.authEpoch} + 1` })
        .where(eq(users.id, userId))
    },

    /** Locks all who can administer until the transaction ends: two of them cannot demote each other. */
    async lockAdmins(): Promise<string[]> {
      const rows = await db
        .select({ id: users.id })
        .from(users)
        .where(and(eq(users.role, 'admin'), isNull(users.disabledAt)))
        .orderBy(asc(users.id))
        .for('update')
      return rows.map(({ id }) => id)
    },

    async remove(userId: string): Promise<void> {
      await db.delete(users).where(eq(users.id, userId))
    },

    async countApps(userId: string): Promise<number> {
      const [row] = await db.select({ count: count() }).from(apps).where(eq(apps.ownerId, userId))
      return row?.count ?? 0
    },

    /** By name, from behind `after` on. */
    async listAccounts(search: string | undefined, limit: number, after?: string): Promise<AccountRow[]> {
      const text = search && isLike(search)
      return accounts(
        and(
          text
            ? or(...[users.username, users.displayName, users.email].map((column) => ilike(column, text)))
            : undefined,
          after === undefined ? undefined : gt(sql`lower(${users.username})`, after),
        ),
        limit,
      )
    },

    async findAccount(userId: string): Promise<AccountRow | undefined> {
      return (await accounts(eq(users.id, userId), 1))[0]
    },
  }

  async function accounts(where: SQL | undefined, limit: number): Promise<AccountRow[]> {
    const owned = db
      .select({ count: count() })
      .from(apps)
      .where(and(eq(apps.ownerId, users.id), ne(apps.desiredState, 'deleted')))
    const seen = db
      .select({ at: max(loginSessions.lastSeenAt) })
      .from(loginSessions)
      .where(eq(loginSessions.userId, users.id))
    const rows = await db
      .select({ user: users, apps: sql<number>`(${owned})::int`, lastSeenAt: sql<string | null>`(${seen})` })
      .from(users)
      .where(where)
      .orderBy(asc(sql`lower(${users.username})`))
      .limit(limit)
    return rows.map(({ user, apps: owns, lastSeenAt }) => ({
      ...user,
      apps: owns,
      lastSeenAt: lastSeenAt === null ? null : new Date(lastSeenAt),
    }))
  }
}
