import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/pglite'
import { migrate } from 'drizzle-orm/pglite/migrator'
import postgres from 'postgres'
import type { Database } from '../../src/db/database.ts'
import { migrationsFolder } from '../../src/db/migrations-folder.ts'
import { openDatabase } from '../../src/db/open.ts'
import * as schema from '../../src/db/schema.ts'

/** Of this worker, migrated and empty: Postgres where TEST_DATABASE_URL names a server, else PGlite in memory. */
export async function openTestDatabase(): Promise<Database> {
  const server = process.env.TEST_DATABASE_URL
  const database = server ? await openDatabase({ url: await testPostgres(server), dataDir: '' }) : await openSnapshot()
  await emptyTables(database)
  return database
}

/** Milliseconds, where a new database takes seconds. */
export async function emptyTables({ db }: Database) {
  const tables = Object.values(schema).map((table) => sql`${table}`)
  await db.execute(sql`truncate ${sql.join(tables, sql`, `)} cascade`)
}

/** Address of this worker's database on a Postgres server. */
export async function testPostgres(server: string) {
  const name = `rsp_test_${process.env.VITEST_POOL_ID ?? 0}`
  const admin = postgres(server, { max: 1, onnotice: () => undefined })
  try {
    await admin.unsafe(`create database ${name}`).catch((error: { code?: string }) => {
      if (error.code !== '42P04') throw error // duplicate_database: of an earlier run
    })
  } finally {
    await admin.end()
  }
  const url = new URL(server)
  url.pathname = name
  return url.href
}

// A boot with migrations takes 3.7 s, one from a saved image 0.6 s.
async function openSnapshot(): Promise<Database> {
  const client = await PGlite.create({ loadDataDir: new Blob([await snapshot()]) })
  return {
    db: drizzle(client, { schema }),
    async ping() {
      await client.query('select 1')
    },
    lead: () => Promise.resolve(true),
    async [Symbol.asyncDispose]() {
      await client.close()
    },
  }
}

async function snapshot(): Promise<Buffer<ArrayBuffer>> {
  const folder = join(import.meta.dirname, '../../../../.cache')
  const file = join(folder, `pglite-${await migrationsHash()}.tar`)
  return readFile(file).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    const image = await makeSnapshot()
    await mkdir(folder, { recursive: true })
    // Workers may race: whole files only, and any of them will do.
    await writeFile(`${file}.${process.pid}`, image)
    await rename(`${file}.${process.pid}`, file)
    return image
  })
}

async function makeSnapshot() {
  const client = await PGlite.create()
  await migrate(drizzle(client), { migrationsFolder })
  const dump = await client.dumpDataDir('none')
  await client.close()
  return Buffer.from(await dump.arrayBuffer())
}

async function migrationsHash() {
  const hash = createHash('sha256')
  for (const name of (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql')).sort()) {
    hash.update(await readFile(join(migrationsFolder, name)))
  }
  return hash.digest('hex').slice(0, 16)
}
