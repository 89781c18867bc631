import { and, desc, eq, getTableColumns, inArray, isNotNull, isNull, lt } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { deployments, releases } from '../db/schema.ts'

type Whole = typeof releases.$inferSelect
/** Without what is large and seldom asked for: a list of apps reads a row for each. */
export type ReleaseRow = Omit<Whole, 'lock' | 'functions'>
export type ReleaseDetails = Pick<Whole, 'lock' | 'functions'>
export type NewRelease = typeof releases.$inferInsert

export type ReleaseRepository = ReturnType<typeof createReleaseRepository>

const { lock: _lock, functions: _functions, ...columns } = getTableColumns(releases)

export function createReleaseRepository(db: Db) {
  return {
    async insert(release: NewRelease): Promise<void> {
      await db.insert(releases).values(release)
    },

    async find(releaseId: string): Promise<ReleaseRow | undefined> {
      const [row] = await db.select(columns).from(releases).where(eq(releases.id, releaseId))
      return row
    },

    async findByNumber(appId: string, number: number): Promise<ReleaseRow | undefined> {
      const [row] = await db
        .select(columns)
        .from(releases)
        .where(and(eq(releases.appId, appId), eq(releases.number, number)))
      return row
    },

    /** Newest first; `below` continues a page. */
    async list(appId: string, limit: number, below?: number): Promise<ReleaseRow[]> {
      return db
        .select(columns)
        .from(releases)
        .where(and(eq(releases.appId, appId), below === undefined ? undefined : lt(releases.number, below)))
        .orderBy(desc(releases.number))
        .limit(limit)
    },

    async listByIds(ids: string[]): Promise<ReleaseRow[]> {
      return ids.length === 0 ? [] : db.select(columns).from(releases).where(inArray(releases.id, ids))
    },

    /** The release that was live last: what start and restart run. */
    async lastServed(appId: string): Promise<ReleaseRow | undefined> {
      const [row] = await db
        .select({ release: columns })
        .from(deployments)
        .innerJoin(releases, eq(releases.id, deployments.releaseId))
        .where(and(eq(deployments.appId, appId), inArray(deployments.status, ['live', 'replaced', 'stopped'])))
        .orderBy(desc(deployments.generation))
        .limit(1)
      return row?.release
    },

    async details(releaseId: string): Promise<ReleaseDetails> {
      const [row] = await db
        .select({ lock: releases.lock, functions: releases.functions })
        .from(releases)
        .where(eq(releases.id, releaseId))
      return row ?? { lock: null, functions: null }
    },

    /** What the newest release with packages was built with. */
    async newestLock(appId: string): Promise<Whole['lock']> {
      const [row] = await db
        .select({ lock: releases.lock })
        .from(releases)
        .where(and(eq(releases.appId, appId), isNotNull(releases.lock)))
        .orderBy(desc(releases.number))
        .limit(1)
      return row?.lock ?? null
    },

    /** Listed when this image was built; releases that reuse it have the same. */
    async functionsOfImage(imageId: string): Promise<Whole['functions']> {
      const [row] = await db
        .select({ functions: releases.functions })
        .from(releases)
        .where(and(eq(releases.imageId, imageId), isNotNull(releases.functions)))
        .limit(1)
      return row?.functions ?? null
    },

    /** Those whose image still exists. */
    async available(appId: string): Promise<ReleaseRow[]> {
      return db
        .select(columns)
        .from(releases)
        .where(and(eq(releases.appId, appId), isNull(releases.imageRemovedAt)))
    },

    async expire(releaseIds: string[], at: Date): Promise<void> {
      if (releaseIds.length === 0) return
      await db.update(releases).set({ imageRemovedAt: at }).where(inArray(releases.id, releaseIds))
    },
  }
}
