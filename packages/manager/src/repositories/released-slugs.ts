import { and, eq, gt, ne, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { releasedSlugs } from '../db/schema.ts'

export type ReleasedSlugRepository = ReturnType<typeof createReleasedSlugRepository>

/** Addresses of deleted apps: whoever still calls one must not reach a stranger's app. */
export function createReleasedSlugRepository(db: Db) {
  return {
    async keep(slug: string, ownerId: string): Promise<void> {
      const releasedAt = sql`now()`
      await db
        .insert(releasedSlugs)
        .values({ slug, ownerId, releasedAt })
        .onConflictDoUpdate({ target: releasedSlugs.slug, set: { ownerId, releasedAt } })
    },

    /** Another's, and not long ago. */
    async isHeldFrom(userId: string, slug: string, days: number): Promise<boolean> {
      const since = sql`now() - make_interval(days => ${days})`
      const rows = await db
        .select({ slug: releasedSlugs.slug })
        .from(releasedSlugs)
        .where(
          and(eq(releasedSlugs.slug, slug), ne(releasedSlugs.ownerId, userId), gt(releasedSlugs.releasedAt, since)),
        )
      return rows.length > 0
    },

    async forget(slug: string): Promise<void> {
      await db.delete(releasedSlugs).where(eq(releasedSlugs.slug, slug))
    },
  }
}
