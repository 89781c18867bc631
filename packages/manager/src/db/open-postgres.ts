import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import type { Database } from './database.ts'
import { migrationsFolder } from './migrations-folder.ts'
import * as schema from './schema.ts'

// Arbitrary but fixed: advisory locks are numbers shared by everybody who uses this database.
const MIGRATION_LOCK = 719_265_301
const LEADER_LOCK = 719_265_302

const quiet = { onnotice: () => undefined, connect_timeout: 5 }

export async function openPostgres(url: string): Promise<Database> {
  await migrateAlone(url)
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
async function migrateAlone(url: string) {
  const sql = postgres(url, { ...quiet, max: 1 })
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`
    await migrate(drizzle(sql), { migrationsFolder })
  } finally {
    await sql.end({ timeout: 5 })
  }
}
