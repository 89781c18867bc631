import { eq, lt, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { throttles } from '../db/schema.ts'

export interface ThrottleLimit {
  attempts: number
  windowSeconds: number
  /** Beyond the limit: twice as long each time up to a minute, or until the window ends. */
  afterwards: 'slower' | 'closed'
}

export type ThrottleRepository = ReturnType<typeof createThrottleRepository>

const { attempts, windowEndsAt, blockedUntil, bucket } = throttles
const isOver = sql`${windowEndsAt} <= now()`

export function createThrottleRepository(db: Db) {
  return {
    /**
     * Counts an attempt before it is made, so that attempts at the same moment count too. Answers the seconds to wait when
     * it may not be made, else 0.
     */
    async reserve(key: string, limit: ThrottleLimit): Promise<number> {
      const end = sql`now() + make_interval(secs => ${limit.windowSeconds})`
      const pause =
        limit.afterwards === 'closed'
          ? sql`${windowEndsAt}`
          : sql`now() + make_interval(secs => least(60, power(2, ${attempts} + 1 - ${limit.attempts}::int)))`
      const made = await db
        .insert(throttles)
        .values({ bucket: key, attempts: 1, windowEndsAt: end })
        .onConflictDoUpdate({
          target: bucket,
          set: {
            attempts: sql`case when ${isOver} then 1 else ${attempts} + 1 end`,
            windowEndsAt: sql`case when ${isOver} then ${end} else ${windowEndsAt} end`,
            blockedUntil: sql`case when ${isOver} or ${attempts} + 1 < ${limit.attempts}::int then null else ${pause} end`,
          },
          setWhere: sql`${blockedUntil} is null or ${blockedUntil} <= now() or ${isOver}`,
        })
        .returning({ attempts })
      return made.length > 0 ? 0 : secondsLeft(key)
    },

    /** What was reserved was no failure. */
    async release(key: string): Promise<void> {
      await db
        .update(throttles)
        .set({ attempts: sql`greatest(0, ${attempts} - 1)`, blockedUntil: null })
        .where(eq(bucket, key))
    },

    async clear(key: string): Promise<void> {
      await db.delete(throttles).where(eq(bucket, key))
    },

    async purge(): Promise<void> {
      await db.delete(throttles).where(lt(windowEndsAt, sql`now()`))
    },
  }

  async function secondsLeft(key: string) {
    const [row] = await db
      .select({ seconds: sql<number>`ceil(extract(epoch from ${blockedUntil} - now()))::int` })
      .from(throttles)
      .where(eq(bucket, key))
    return Math.max(1, row?.seconds ?? 1)
  }
}
