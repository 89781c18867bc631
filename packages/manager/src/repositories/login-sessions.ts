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
  email: string | null
  role: 'admin' | 'user'
  /** The password was given within the last quarter of an hour. */
  isVerified: boolean
  /** Last seen more than a minute ago. */
  isStale: boolean
}

export type LoginSessionRow = typeof loginSessions.$inferSelect

export type LoginSessionRepository = ReturnType<typeof createLoginSessionRepository>

export type NewLoginSession = Pick<LoginSessionRow, 'idHash' | 'userId' | 'address' | 'browser'> & {
  /** Of when the proof was looked at; the user's of now when undefined. */
  authEpoch?: number | undefined
}

const ago = (seconds: SQL | number) => sql`now() - make_interval(secs => ${seconds})`

/** Of before the last sign-out of everything: of nobody. */
const isOfUser = and(eq(users.id, loginSessions.userId), eq(users.authEpoch, loginSessions.authEpoch))

/** Not ended, not too old, not idle for too long, its user not disabled. */
const isUsable = (idle: SessionLimits) =>
  and(
    isNull(loginSessions.revokedAt),
    isNull(users.disabledAt),
    gt(loginSessions.expiresAt, sql`now()`),
    gt(
      loginSessions.lastSeenAt,
      ago(sql`case ${users.role} when 'admin' then ${idle.admin}::int else ${idle.user}::int end`),
    ),
  )

export function createLoginSessionRepository(db: Db) {
  return {
    async insert({ authEpoch: seen, ...session }: NewLoginSession, lifetimeSeconds: number): Promise<void> {
      const expiresAt = sql`now() + make_interval(secs => ${lifetimeSeconds})`
      const authEpoch = seen ?? sql`(select auth_epoch from ${users} where id = ${session.userId})`
      await db.insert(loginSessions).values({ ...session, authEpoch, expiresAt })
    },

    /** One query decides: not ended, not too old, not idle for too long, user enabled; the role is the user's of now. */
    async findUser(idHash: string, idle: SessionLimits): Promise<SessionUser | undefined> {
      const [row] = await db
        .select({
          userId: users.id,
          username: users.username,
          displayName: users.displayName,
          email: users.email,
          role: users.role,
          isVerified: sql<boolean>`${loginSessions.verifiedAt} > ${ago(900)}`,
          isStale: sql<boolean>`${loginSessions.lastSeenAt} < ${ago(60)}`,
        })
        .from(loginSessions)
        .innerJoin(users, isOfUser)
        .where(and(eq(loginSessions.idHash, idHash), isUsable(idle)))
      return row
    },

    async touch(idHash: string): Promise<void> {
      await db.update(loginSessions).set({ lastSeenAt: sql`now()` }).where(eq(loginSessions.idHash, idHash))
    },

    async verify(idHash: string): Promise<void> {
      await db.update(loginSessions).set({ verifiedAt: sql`now()` }).where(eq(loginSessions.idHash, idHash))
    },

    async revoke(idHash: string): Promise<void> {
      await db
        .update(loginSessions)
        .set({ revokedAt: sql`now()` })
        .where(and(eq(loginSessions.idHash, idHash), isNull(loginSessions.revokedAt)))
    },

    /** Those that can still be used, newest first. */
    async listOf(userId: string, idle: SessionLimits): Promise<LoginSessionRow[]> {
      const rows = await db
        .select({ session: loginSessions })
        .from(loginSessions)
        .innerJoin(users, isOfUser)
        .where(and(eq(loginSessions.userId, userId), isUsable(idle)))
        .orderBy(desc(loginSessions.createdAt))
      return rows.map(({ session }) => session)
    },

    /** False: the user has no such session, or it had ended. */
    async revokeById(userId: string, id: string): Promise<boolean> {
      const rows = await db
        .update(loginSessions)
        .set({ revokedAt: sql`now()` })
        .where(and(eq(loginSessions.id, id), eq(loginSessions.userId, userId), isNull(loginSessions.revokedAt)))
        .returning({ id: loginSessions.id })
      return rows.length > 0
    },

    async revokeAllOf(userId: string): Promise<void> {
      await db
        .update(loginSessions)
        .set({ revokedAt: sql`now()` })
        .where(and(eq(loginSessions.userId, userId), isNull(loginSessions.revokedAt)))
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
