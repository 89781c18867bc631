import { readMigrationFiles } from 'drizzle-orm/migrator'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import type { Database } from './database.ts'
import { LEADER_LOCK, MIGRATION_LOCK } from './migration-lock.ts'
import { migrationsFolder } from './migrations-folder.ts'
import * as schema from './schema.ts'

const quiet = { onnotice: () => undefined, connect_timeout: 5 }

export interface PostgresOptions {
  /** False: the role may not, and somebody else has. */
  migrates: boolean
  /** Whoever takes the manager over would have the whole server. */
  refuseSuperuser: boolean
}

export async function openPostgres(url: string, { migrates, refuseSuperuser }: PostgresOptions): Promise<Database> {
  await alone(url, async (sql) => {
    const [role] = await sql`select current_user as name, rolsuper from pg_roles where rolname = current_user`
    if (refuseSuperuser && role?.rolsuper) throw new Error(superuser(role.name))
    if (migrates) await migrate(drizzle(sql), { migrationsFolder })
    else await requireMigrated(sql)
  })
  const sql = postgres(url, {
    ...quiet,
    max: 10,
    connection: { statement_timeout: 5_000, application_name: 'manager' },
  })
  const leader = postgres(url, {
    ...quiet,
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connection: { statement_timeout: 5_000, application_name: 'manager-leader' },
  })
  return {
    db: drizzle(sql, { schema }),
    async ping() {
      await sql`select 1`
    },
    async lead() {
      // The lock belongs to the connection, which is opened anew after a break. Never taken twice: locks are counted.
      const [row] = await leader`
        select case when exists (
          select from pg_locks where locktype = 'advisory' and objid = ${LEADER_LOCK} and pid = pg_backend_pid()
        ) then true else pg_try_advisory_lock(${LEADER_LOCK}) end as leads`
      return row?.leads === true
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([sql.end({ timeout: 5 }), leader.end({ timeout: 5 })])
    },
  }
}

/** One connection, so that lock and migrations share it: two managers that start together migrate one after the other. */
async function alone(url: string, work: (sql: postgres.Sql) => Promise<void>) {
  const sql = postgres(url, { ...quiet, max: 1 })
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`
    await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function requireMigrated(sql: postgres.Sql) {
  const newest = Math.max(...readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis))
  const [there] = await sql`select to_regclass('drizzle.__drizzle_migrations') is not null as is_there`
  const [done] = there?.is_there ? await sql`select max(created_at) as at from drizzle.__drizzle_migrations` : []
  if (Number(done?.at ?? 0) >= newest) return
  throw new Error('The database lacks the newest migrations: run prepare-database.js, as the compose file does')
}

const superuser = (name: string) =>
  `DATABASE_URL signs in as ${name}, a superuser of the database. Give the manager a role of its own: prepare-database.js makes one`
