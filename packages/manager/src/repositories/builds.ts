import { and, desc, eq, exists, gt, inArray, lt, not, notInArray, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Db } from '../db/database.ts'
import { builds } from '../db/schema.ts'
import type { BuildRow } from './deployments.ts'

export type BuildChange = Partial<Pick<BuildRow, 'phase' | 'logBytes'>>
type EndStatus = 'succeeded' | 'failed' | 'cancelled' | 'superseded'

const LEASE = sql`now() + interval '60 seconds'`
const running = alias(builds, 'running')

export type BuildRepository = ReturnType<typeof createBuildRepository>

export function createBuildRepository(db: Db) {
  return {
    async insert(build: typeof builds.$inferInsert): Promise<void> {
      await db.insert(builds).values(build)
    },

    async find(buildId: string): Promise<BuildRow | undefined> {
      const [row] = await db.select().from(builds).where(eq(builds.id, buildId))
      return row
    },

    async findByDeployment(deploymentId: string): Promise<BuildRow | undefined> {
      const [row] = await db.select().from(builds).where(eq(builds.deploymentId, deploymentId))
      return row
    },

    async findQueued(appId: string): Promise<BuildRow | undefined> {
      const [row] = await db
        .select()
        .from(builds)
        .where(and(eq(builds.appId, appId), eq(builds.status, 'queued')))
      return row
    },

    /** The oldest queued build whose app has none running; a second worker skips it. */
    async claimNext(owner: string): Promise<BuildRow | undefined> {
      const busy = db
        .select({ one: sql`1` })
        .from(running)
        .where(and(eq(running.appId, builds.appId), eq(running.status, 'running')))
      const next = db
        .select({ id: builds.id })
        .from(builds)
        .where(and(eq(builds.status, 'queued'), not(exists(busy))))
        .orderBy(builds.createdAt)
        .limit(1)
        .for('update', { skipLocked: true })
      const [row] = await db
        .update(builds)
        .set({
          status: 'running',
          leaseOwner: owner,
          leaseUntil: LEASE,
          startedAt: sql`now()`,
          attempt: sql`${builds.attempt} + 1`,
        })
        .where(inArray(builds.id, next))
        .returning()
      return row
    },

    /** False when the lease was lost: the build belongs to somebody else now. */
    async renew(buildId: string, owner: string, change: BuildChange = {}): Promise<boolean> {
      const rows = await db
        .update(builds)
        .set({ ...change, leaseUntil: LEASE })
        .where(and(eq(builds.id, buildId), eq(builds.leaseOwner, owner), eq(builds.status, 'running')))
        .returning({ id: builds.id })
      return rows.length > 0
    },

    async finish(buildId: string, status: EndStatus, change: BuildChange = {}): Promise<void> {
      await db
        .update(builds)
        .set({ ...change, status, finishedAt: sql`now()`, leaseOwner: null, leaseUntil: null })
        .where(eq(builds.id, buildId))
    },

    /** False when it is not queued any more: a worker may have taken it a moment ago. */
    async endQueued(buildId: string, status: 'cancelled' | 'superseded'): Promise<boolean> {
      const rows = await db
        .update(builds)
        .set({ status, finishedAt: sql`now()` })
        .where(and(eq(builds.id, buildId), eq(builds.status, 'queued')))
        .returning({ id: builds.id })
      return rows.length > 0
    },

    /** True when it runs: its worker ends it. */
    async requestCancel(buildId: string): Promise<boolean> {
      const rows = await db
        .update(builds)
        .set({ cancelRequested: true })
        .where(and(eq(builds.id, buildId), eq(builds.status, 'running')))
        .returning({ id: builds.id })
      return rows.length > 0
    },

    /** Running builds of this worker that somebody cancelled. */
    async cancelledOf(owner: string): Promise<string[]> {
      const rows = await db
        .select({ id: builds.id })
        .from(builds)
        .where(and(eq(builds.status, 'running'), eq(builds.leaseOwner, owner), builds.cancelRequested))
      return rows.map((row) => row.id)
    },

    async unfinishedOf(appId: string): Promise<string[]> {
      const rows = await db
        .select({ id: builds.id })
        .from(builds)
        .where(and(eq(builds.appId, appId), inArray(builds.status, ['queued', 'running'])))
      return rows.map((row) => row.id)
    },

    /** Running builds whose worker is gone: another process's (all of them at boot), or an expired lease. */
    async abandoned(owner: string, atBoot: boolean): Promise<BuildRow[]> {
      const foreign = atBoot ? sql`${builds.leaseOwner} is distinct from ${owner}` : undefined
      return db
        .select()
        .from(builds)
        .where(and(eq(builds.status, 'running'), or(lt(builds.leaseUntil, sql`now()`), foreign)))
    },

    async requeue(buildId: string): Promise<void> {
      await db
        .update(builds)
        .set({ status: 'queued', phase: null, leaseOwner: null, leaseUntil: null })
        .where(eq(builds.id, buildId))
    },

    /** Ended builds whose log is kept, without the `count` newest ones. */
    async withLogBeyond(appId: string, count: number): Promise<BuildRow[]> {
      return db
        .select()
        .from(builds)
        .where(and(eq(builds.appId, appId), gt(builds.logBytes, 0), notInArray(builds.status, ['queued', 'running'])))
        .orderBy(desc(builds.createdAt))
        .offset(count)
    },

    async forgetLog(buildId: string): Promise<void> {
      await db.update(builds).set({ logBytes: 0 }).where(eq(builds.id, buildId))
    },

    async idsOf(appId: string): Promise<string[]> {
      const rows = await db.select({ id: builds.id }).from(builds).where(eq(builds.appId, appId))
      return rows.map((row) => row.id)
    },
  }
}
