import { and, desc, eq, gt, isNull, lt, notInArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { loginSessions, users } from '../db/schema.ts'

/** Seconds by role, compared with the database's clock. */
export interface SessionLimits {
  admin: number
  user: number
}

export interface SessionUser {
  userId: string
  username: string
  displayName: string | null
  role: 'admin' | 'user'
  /** Last seen more than a minute ago. */
  isStale: boolean
}

export type LoginSessionRepository = ReturnType<typeof createLoginSessionRepository>

const ago = (seconds: SQL | number) => sql`now() - make_interval(secs => ${seconds})`

export function createLoginSessionRepository(db: Db) {
  return {
    async insert(session: { idHash: string; userId: string }, lifetimeSeconds: number): Promise<void> {
      const expiresAt = sql`now() + make_interval(secs => ${lifetimeSeconds})`
      await db.insert(loginSessions).values({ ...session, expiresAt })
    },

    /** One query decides: not ended, not too old, not idle for too long, user enabled; the role is the user's of now. */
    async findUser(idHash: string, idle: SessionLimits): Promise<SessionUser | undefined> {
      const idleSeconds = sql`case ${users.role} when 'admin' then ${idle.admin}::int else ${idle.user}::int end`
      const [row] = await db
        .select({
          userId: users.id,
          username: users.username,
          displayName: users.displayName,
          role: users.role,
          isStale: sql<boolean>`${loginSessions.lastSeenAt} < ${ago(60)}`,
        })
        .from(loginSessions)
        .innerJoin(users, eq(users.id, loginSessions.userId))
        .where(
          and(
            eq(loginSessions.idHash, idHash),
            isNull(loginSessions.revokedAt),
            isNull(users.disabledAt),
            gt(loginSessions.expiresAt, sql`now()`),
            gt(loginSessions.lastSeenAt, ago(idleSeconds)),
          ),
        )
      return row
    },

    async touch(idHash: string): Promise<void> {
      await db.update(loginSessions).set({ lastSeenAt: sql`now()` }).where(eq(loginSessions.idHash, idHash))
    },

    async revoke(idHash: string): Promise<void> {
      await db
        .update(loginSessions)
        .set({ revokedAt: sql`now()` })
        .where(and(eq(loginSessions.idHash, idHash), isNull(loginSessions.revokedAt)))
    },

    /** Ends all but the newest `keep` of a user. */
    async revokeOldest(userId: string, keep: number): Promise<void> {
      const mine = and(eq(loginSessions.userId, userId), isNull(loginSessions.revokedAt))
      const newest = db
        .select({ idHash: loginSessions.idHash })
        .from(loginSessions)
        .where(mine)
        .orderBy(desc(loginSessions.createdAt))
        .limit(keep)
      await db
        .update(loginSessions)
        .set({ revokedAt: sql`now()` })
        .where(and(mine, notInArray(loginSessions.idHash, newest)))
    },

    async purgeExpired(): Promise<void> {
      await db.delete(loginSessions).where(lt(loginSessions.expiresAt, sql`now()`))
    },
  }
}
