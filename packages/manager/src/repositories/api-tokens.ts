import { and, count, desc, eq, gt, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { apiTokens, users } from '../db/schema.ts'

export type ApiTokenRow = typeof apiTokens.$inferSelect
export type NewApiToken = Omit<typeof apiTokens.$inferInsert, 'authEpoch' | 'expiresAt'> & {
  /** Null: never. By the clock of the database. */
  expiresInDays: number | null
}

export interface TokenBearer {
  tokenId: string
  userId: string
  username: string
  displayName: string | null
  email: string | null
  role: 'admin' | 'user'
  scopes: ApiTokenRow['scopes']
  appIds: string[] | null
  isExpired: boolean
  /** Its use was written down less than five minutes ago. */
  isFresh: boolean
}

export type ApiTokenRepository = ReturnType<typeof createApiTokenRepository>

export function createApiTokenRepository(db: Db) {
  // Building this query costs more than running it; transactions, which make a repository each, never ask it.
  let prepared: ReturnType<typeof prepareBearer> | undefined
  const prepareBearer = () =>
    db
      .select({
        tokenId: apiTokens.id,
        userId: users.id,
        username: users.username,
        displayName: users.displayName,
        email: users.email,
        role: users.role,
        scopes: apiTokens.scopes,
        appIds: apiTokens.appIds,
        isExpired: sql<boolean>`coalesce(${apiTokens.expiresAt} <= now(), false)`,
        isFresh: sql<boolean>`coalesce(${apiTokens.lastUsedAt} > now() - interval '5 minutes', false)`,
      })
      .from(apiTokens)
      .innerJoin(users, and(eq(users.id, apiTokens.userId), eq(users.authEpoch, apiTokens.authEpoch)))
      .where(and(eq(apiTokens.hash, sql.placeholder('hash')), isNull(apiTokens.revokedAt), isNull(users.disabledAt)))
      .prepare('api_token_bearer')

  return {
    /** One query decides: not revoked, user enabled, no sign-out of everything since; role and names are those of now. */
    async findBearer(hash: string): Promise<TokenBearer | undefined> {
      prepared ??= prepareBearer()
      const [row] = await prepared.execute({ hash })
      return row
    },

    async insert({ expiresInDays, ...token }: NewApiToken): Promise<ApiTokenRow> {
      const expiresAt: SQL | null = expiresInDays === null ? null : sql`now() + make_interval(days => ${expiresInDays})`
      const authEpoch = sql`(select auth_epoch from ${users} where id = ${token.userId})`
      const [row] = await db
        .insert(apiTokens)
        .values({ ...token, authEpoch, expiresAt })
        .returning()
      if (!row) throw new Error('an insert answers its row')
      return row
    },

    /** Those that can be used, or could until they expired; newest first. */
    async listOf(userId: string): Promise<ApiTokenRow[]> {
      return db
        .select()
        .from(apiTokens)
        .where(and(eq(apiTokens.userId, userId), isNull(apiTokens.revokedAt)))
        .orderBy(desc(apiTokens.createdAt))
    },

    async countUsable(userId: string): Promise<number> {
      const isAlive = or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, sql`now()`))
      const [row] = await db
        .select({ count: count() })
        .from(apiTokens)
        .where(and(eq(apiTokens.userId, userId), isNull(apiTokens.revokedAt), isAlive))
      return row?.count ?? 0
    },

    /** Its row, or undefined when the user has no such token or it had ended. */
    async revoke(userId: string, tokenId: string): Promise<ApiTokenRow | undefined> {
      const [row] = await db
        .update(apiTokens)
        .set({ revokedAt: sql`now()` })
        .where(and(eq(apiTokens.id, tokenId), eq(apiTokens.userId, userId), isNull(apiTokens.revokedAt)))
        .returning()
      return row
    },

    async revokeAllOf(userId: string): Promise<void> {
      await db
        .update(apiTokens)
        .set({ revokedAt: sql`now()` })
        .where(and(eq(apiTokens.userId, userId), isNull(apiTokens.revokedAt)))
    },

    async touch(tokenId: string): Promise<void> {
      await db.update(apiTokens).set({ lastUsedAt: sql`now()` }).where(eq(apiTokens.id, tokenId))
    },
  }
}
