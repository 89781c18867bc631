import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from './database.ts'
import { migrationsFolder } from './migrations-folder.ts'
import * as schema from './schema.ts'

export async function openPglite(dataDir: string): Promise<Database> {
  await mkdir(dataDir, { recursive: true })
  const lockFile = join(dataDir, 'pglite.pid')
  await lock(lockFile)
  // Loaded here only: with Postgres nobody pays for the WebAssembly build.
  const { PGlite } = await import('@electric-sql/pglite')
  const { drizzle } = await import('drizzle-orm/pglite')
  const { migrate } = await import('drizzle-orm/pglite/migrator')
  const client = await PGlite.create(join(dataDir, 'pglite'))
  const db = drizzle(client, { schema })
  await migrate(db, { migrationsFolder })
  return {
    db,
    async ping() {
      await client.query('select 1')
    },
    // The pid file has already made this process the only one.
    lead: () => Promise.resolve(true),
    async [Symbol.asyncDispose]() {
      await client.close()
      await rm(lockFile, { force: true })
    },
  }
}

/** One process a directory: PGlite has no server that would refuse the second. */
async function lock(file: string) {
  const owner = Number(await readFile(file, 'utf8').catch(ifMissing('')))
  if (owner && owner !== process.pid && isAlive(owner)) {
    throw new Error(`The embedded database is in use by process ${owner}; stop it or set DATABASE_URL`)
  }
  await rm(file, { force: true })
  const handle = await open(file, 'wx', 0o600)
  await handle.writeFile(String(process.pid))
  await handle.close()
}

function isAlive(pid: number) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // No such process: a stale file of a killed manager.
  }
}

const ifMissing =
  <T>(value: T) =>
  (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return value
    throw error
  }
