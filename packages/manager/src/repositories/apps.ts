import { Problem } from '@rserve-proxy/contract/problems.ts'
import { and, asc, desc, eq, getTableColumns, ilike, inArray, isNotNull, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { violatedUnique, violatesNotNull } from '../db/errors.ts'
import { appCollaborators, apps, users } from '../db/schema.ts'
import { subnetCount } from '../domain/subnet.ts'
import { isLike } from './like.ts'

export type AppRow = typeof apps.$inferSelect
export type NewApp = Omit<typeof apps.$inferInsert, 'subnetIndex' | 'id'> & { id: string }
export type AppChange = Partial<Omit<typeof apps.$inferInsert, 'id' | 'slug' | 'subnetIndex'>>

/** Who looks: an admin sees every app, others their own and those shared with them. */
export interface Viewer {
  userId: string
  role: 'admin' | 'user'
  /** Of a token that is for some apps alone. */
  appIds: string[] | null
}
export type AppRight = 'view' | 'edit' | 'own'
export type VisibleApp = AppRow & { right: AppRight }

const notDeleted = ne(apps.desiredState, 'deleted')
const visibleTo = ({ role, userId, appIds }: Viewer) =>
  and(
    notDeleted,
    role === 'admin' ? undefined : or(eq(apps.ownerId, userId), isNotNull(appCollaborators.userId)),
    appIds ? inArray(apps.id, appIds) : undefined,
  )
const sharedWith = ({ userId }: Viewer) => and(eq(appCollaborators.appId, apps.id), eq(appCollaborators.userId, userId))
const rightOf = ({ role, userId }: Viewer) => sql<AppRight>`case
  when ${role === 'admin'} or ${apps.ownerId} = ${userId} then 'own'
  when ${appCollaborators.role} = 'editor' then 'edit' else 'view' end`

export type AppRepository = ReturnType<typeof createAppRepository>

export function createAppRepository(db: Db) {
  return {
    /** 'slug-taken' is decided by the database, as is 'quota-exceeded'. A lost race for the subnet is tried again. */
    async insert(app: NewApp): Promise<AppRow> {
      for (let attempt = 0; ; attempt++) {
        try {
          // Within a transaction a savepoint: a refused row alone is undone.
          const [row] = await db.transaction((tx) =>
            tx
              .insert(apps)
              .values({ ...app, subnetIndex: freeSubnetIndex() })
              .returning(),
          )
          if (row) return row
        } catch (error) {
          const constraint = violatedUnique(error)
          if (constraint === 'apps_slug')
            throw new Problem('slug-taken', { detail: `The address ${app.slug} is taken.` })
          if (violatesNotNull(error)) throw noSubnet()
          if (constraint !== 'apps_subnet_index' || attempt > 20) throw error
        }
      }
    },

    async findVisible(appId: string, viewer: Viewer): Promise<VisibleApp | undefined> {
      const [row] = await selectVisible(viewer, eq(apps.id, appId))
      return row
    },

    /** Locks the row until the transaction ends: verbs on one app follow each other. */
    async lockVisible(appId: string, viewer: Viewer): Promise<VisibleApp | undefined> {
      const [row] = await selectVisible(viewer, eq(apps.id, appId)).for('update', { of: apps })
      return row
    },

    /**
     * As lockVisible, for the loops. Whoever changes an app's deployments and builds takes this lock first: what it read
     * stays true until it writes, and no two wait for each other.
     */
    async lock(appId: string): Promise<AppRow | undefined> {
      const [row] = await db.select().from(apps).where(eq(apps.id, appId)).for('update')
      return row
    },

    async findBySlug(slug: string): Promise<AppRow | undefined> {
      const [row] = await db.select().from(apps).where(eq(apps.slug, slug))
      return row
    },

    async listVisible(viewer: Viewer, search?: string): Promise<VisibleApp[]> {
      const matches: SQL | undefined = search
        ? or(ilike(apps.name, isLike(search)), ilike(apps.slug, isLike(search)))
        : undefined
      return selectVisible(viewer, matches).orderBy(desc(apps.createdAt), asc(apps.id))
    },

    /** By app, who may do what in it, admins left out. Deleted apps too, as long as they are not purged. */
    async rightsIn(appIds: string[]): Promise<Map<string, Map<string, AppRight>>> {
      if (appIds.length === 0) return new Map()
      const rows = await db
        .select({ appId: apps.id, ownerId: apps.ownerId, userId: appCollaborators.userId, role: appCollaborators.role })
        .from(apps)
        .leftJoin(appCollaborators, eq(appCollaborators.appId, apps.id))
        .where(inArray(apps.id, appIds))
      const rights = new Map(rows.map(({ appId }) => [appId, new Map<string, AppRight>()]))
      for (const { appId, userId, role } of rows)
        if (userId) rights.get(appId)?.set(userId, role === 'editor' ? 'edit' : 'view')
      for (const { appId, ownerId } of rows) rights.get(appId)?.set(ownerId, 'own')
      return rights
    },

    async find(appId: string): Promise<AppRow | undefined> {
      const [row] = await db.select().from(apps).where(eq(apps.id, appId))
      return row
    },

    /** Deleted ones too, as long as they are not purged. */
    async listByIds(appIds: string[]): Promise<AppRow[]> {
      return appIds.length > 0 ? db.select().from(apps).where(inArray(apps.id, appIds)) : []
    },

    async listAll(): Promise<AppRow[]> {
      return db.select().from(apps).orderBy(asc(apps.createdAt))
    },

    /** Undefined when `ifVersion` is given and the stored version differs, or the row is gone. */
    async update(appId: string, change: AppChange, ifVersion?: number): Promise<AppRow | undefined> {
      const matches = ifVersion === undefined ? undefined : eq(apps.version, ifVersion)
      const [row] = await db
        .update(apps)
        .set({ ...change, version: sql`${apps.version} + 1`, updatedAt: sql`now()` })
        .where(and(eq(apps.id, appId), matches))
        .returning()
      return row
    },

    /** Raises a counter and returns its new value; numbers are never used twice. */
    async next(appId: string, counter: 'generation' | 'releaseNumber'): Promise<number> {
      const column = apps[counter]
      const [row] = await db
        .update(apps)
        .set({ [counter]: sql`${column} + 1` })
        .where(eq(apps.id, appId))
        .returning({ value: column })
      if (!row) throw new Error(`app ${appId} is gone`)
      return row.value
    },

    /** The next free subnet after its own, for what the database cannot know: the engine has another network there. */
    async moveSubnet(appId: string): Promise<AppRow | undefined> {
      const subnetIndex = freeSubnetIndex(sql`${apps.subnetIndex} + 1`)
      const [row] = await db.update(apps).set({ subnetIndex }).where(eq(apps.id, appId)).returning()
      return row
    },

    async ownersOf(ownerIds: string[]): Promise<Map<string, string>> {
      if (ownerIds.length === 0) return new Map()
      const rows = await db
        .select({ id: users.id, username: users.username })
        .from(users)
        .where(inArray(users.id, ownerIds))
      return new Map(rows.map((row) => [row.id, row.username]))
    },

    async purge(appId: string): Promise<void> {
      await db.delete(apps).where(eq(apps.id, appId))
    },
  }

  function selectVisible(viewer: Viewer, condition: SQL | undefined) {
    return db
      .select({ ...getTableColumns(apps), right: rightOf(viewer) })
      .from(apps)
      .leftJoin(appCollaborators, sharedWith(viewer))
      .where(and(visibleTo(viewer), condition))
  }
}

const noSubnet = () =>
  new Problem('quota-exceeded', {
    detail: `This installation has networks for ${subnetCount} apps, and all are in use. Delete an app first.`,
  })

/** Null when all are in use. */
const freeSubnetIndex = (from: SQL = sql`0`) => sql<number>`(
  select min(candidate) from generate_series(${from}, ${subnetCount - 1}::int) as candidate
  where not exists (select 1 from ${apps} taken where taken.subnet_index = candidate)
)`
