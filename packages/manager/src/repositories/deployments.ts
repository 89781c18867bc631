import { pendingStatuses } from '@rserve-proxy/contract/deployments.ts'
import { and, asc, desc, eq, inArray, isNotNull, lt, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Db } from '../db/database.ts'
import { builds, deployments, users } from '../db/schema.ts'

export type DeploymentRow = typeof deployments.$inferSelect
export type BuildRow = typeof builds.$inferSelect
export type NewDeployment = typeof deployments.$inferInsert
export type DeploymentChange = Partial<Omit<NewDeployment, 'id' | 'appId' | 'kind' | 'createdAt'>>

/** A deployment with what its wire form needs. */
export interface DeploymentView {
  deployment: DeploymentRow
  build: BuildRow | null
  /** Null unless it waits. */
  queuePosition: number | null
  requestedBy: { id: string; username: string } | null
}

const pending = inArray(deployments.status, [...pendingStatuses])

export type DeploymentRepository = ReturnType<typeof createDeploymentRepository>

export function createDeploymentRepository(db: Db) {
  const ahead = alias(builds, 'ahead')
  /** Among all that wait; the next one is 1. */
  const queuePosition = sql<number | null>`case when ${builds.status} = 'queued' then (${db
    .select({ count: sql`count(*)::int + 1` })
    .from(ahead)
    .where(and(eq(ahead.status, 'queued'), lt(ahead.createdAt, builds.createdAt)))}) end`
  const views = () =>
    db
      .select({
        deployment: deployments,
        build: builds,
        queuePosition,
        requestedBy: { id: users.id, username: users.username },
      })
      .from(deployments)
      .leftJoin(builds, eq(builds.deploymentId, deployments.id))
      .leftJoin(users, eq(users.id, deployments.requestedBy))

  return {
    async insert(deployment: NewDeployment): Promise<void> {
      await db.insert(deployments).values(deployment)
    },

    async view(appId: string, deploymentId: string): Promise<DeploymentView | undefined> {
      const [row] = await views().where(and(eq(deployments.appId, appId), eq(deployments.id, deploymentId)))
      return row
    },

    /** Newest first; `after` is the creation time and id of the last row of the page before. */
    async list(appId: string, limit: number, after?: { createdAt: Date; id: string }): Promise<DeploymentView[]> {
      const beyond = after
        ? or(
            lt(deployments.createdAt, after.createdAt),
            and(eq(deployments.createdAt, after.createdAt), lt(deployments.id, after.id)),
          )
        : undefined
      return views()
        .where(and(eq(deployments.appId, appId), beyond))
        .orderBy(desc(deployments.createdAt), desc(deployments.id))
        .limit(limit)
    },

    /** The newest deployment of each app, in one query. */
    async newestOf(appIds: string[]): Promise<DeploymentView[]> {
      if (appIds.length === 0) return []
      const newest = db
        .selectDistinctOn([deployments.appId], { id: deployments.id })
        .from(deployments)
        .where(inArray(deployments.appId, appIds))
        .orderBy(deployments.appId, desc(deployments.createdAt), desc(deployments.id))
      return views().where(inArray(deployments.id, newest))
    },

    /** Live and pending ones of these apps (all when undefined), oldest first: what the reconciler needs. */
    async active(appIds?: string[]): Promise<DeploymentRow[]> {
      const ofApps = appIds ? inArray(deployments.appId, appIds) : undefined
      return db
        .select()
        .from(deployments)
        .where(and(or(eq(deployments.status, 'live'), pending), ofApps))
        .orderBy(asc(deployments.createdAt), asc(deployments.id))
    },

    async find(deploymentId: string): Promise<DeploymentRow | undefined> {
      const [row] = await db.select().from(deployments).where(eq(deployments.id, deploymentId))
      return row
    },

    /** The log of a failed start is asked for by deployment; the newest with a build otherwise. */
    async newestWithBuild(appId: string): Promise<DeploymentRow | undefined> {
      const [row] = await db
        .select({ deployment: deployments })
        .from(deployments)
        .innerJoin(builds, eq(builds.deploymentId, deployments.id))
        .where(eq(deployments.appId, appId))
        .orderBy(desc(deployments.createdAt))
        .limit(1)
      return row?.deployment
    },

    /** Only while it still is in one of the `from` statuses: a cancelled deployment is never revived. */
    async update(deploymentId: string, change: DeploymentChange, from?: DeploymentRow['status'][]): Promise<boolean> {
      const rows = await db
        .update(deployments)
        .set(change)
        .where(and(eq(deployments.id, deploymentId), from ? inArray(deployments.status, from) : undefined))
        .returning({ id: deployments.id })
      return rows.length > 0
    },

    /** Deployments with a release that wait for their turn and are older than the newest such: never to be run. */
    async supersedeReadyBefore(appId: string, createdAt: Date): Promise<void> {
      await db
        .update(deployments)
        .set({ status: 'superseded', finishedAt: sql`now()` })
        .where(
          and(
            eq(deployments.appId, appId),
            inArray(deployments.status, ['queued', 'building']),
            isNotNull(deployments.releaseId),
            lt(deployments.createdAt, createdAt),
          ),
        )
    },
  }
}
