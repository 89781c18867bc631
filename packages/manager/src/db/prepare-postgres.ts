import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres, { type Sql } from 'postgres'
import { MIGRATION_LOCK } from './migration-lock.ts'
import { migrationsFolder } from './migrations-folder.ts'

const OWNER = 'rserve_proxy_owner'

export interface PrepareOptions {
  /** Of a superuser: used here, and by nothing that listens. */
  adminUrl: string
  /** Whose user and password the manager gets. */
  appUrl: string
}

/**
 * Two roles, so that the manager, whatever it is made to do, cannot change the schema or what the audit log says: an
 * owner without login, as whom migrations run, and the role of the manager, which reads and writes rows. Run again at
 * every start; what was made by a superuser in earlier versions is handed over.
 */
export async function preparePostgres({ adminUrl, appUrl }: PrepareOptions): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined, connect_timeout: 5 })
  const app = new URL(appUrl)
  const role = decodeURIComponent(app.username)
  try {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`
    await makeRole(sql, OWNER)
    await makeRole(sql, role)
    await run(
      sql,
      sql`select format('alter role %I login password %L', ${role}::text, ${decodeURIComponent(app.password)}::text)`,
    )
    await handOver(sql)
    await sql.unsafe(`set role ${OWNER}`)
    await migrate(drizzle(sql), { migrationsFolder })
    await grant(sql, role)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function makeRole(sql: Sql, name: string) {
  const [known] = await sql`select rolsuper from pg_roles where rolname = ${name}`
  if (known?.rolsuper) throw new Error(`The role ${name} is a superuser: give the manager a name of its own`)
  if (!known) await run(sql, sql`select format('create role %I nologin', ${name}::text)`)
}

async function handOver(sql: Sql) {
  await run(sql, sql`select format('alter database %I owner to %I', current_database(), ${OWNER}::text)`)
  const schemas = sql`('public', 'drizzle')`
  await run(
    sql,
    sql`
    select format('alter schema %I owner to %I', nspname, ${OWNER}::text) from pg_namespace where nspname = 'drizzle'
    union all
    select format('alter table %s owner to %I', c.oid::regclass, ${OWNER}::text)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ${schemas} and c.relkind in ('r', 'p') and c.relowner <> ${OWNER}::regrole
    union all
    select format('alter function %s owner to %I', p.oid::regprocedure, ${OWNER}::text)
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ${schemas} and p.proowner <> ${OWNER}::regrole`,
  )
}

async function grant(sql: Sql, role: string) {
  const to = sql`${role}::text`
  await run(
    sql,
    sql`
    select format('grant connect on database %I to %I', current_database(), ${to})
    union all select format('grant usage on schema public, drizzle to %I', ${to})
    union all select format('grant select, insert, update, delete on all tables in schema public to %I', ${to})
    union all select format('grant usage on all sequences in schema public to %I', ${to})
    union all select format('grant select on all tables in schema drizzle to %I', ${to})
    union all select format('revoke update, delete, truncate on audit_events from %I', ${to})`,
  )
}

/** Names and passwords are no parameters of such statements: `format` quotes them. */
async function run(sql: Sql, statements: ReturnType<Sql>) {
  for (const row of await statements) for (const statement of Object.values(row)) await sql.unsafe(String(statement))
}
