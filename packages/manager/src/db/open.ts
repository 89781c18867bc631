import type { Database } from './database.ts'
import { openPglite } from './open-pglite.ts'
import { openPostgres } from './open-postgres.ts'

export interface OpenOptions {
  url?: string | undefined
  dataDir: string
  /** False: only look whether somebody has. The embedded database is always migrated. */
  migrates?: boolean
  refuseSuperuser?: boolean
}

/** Postgres where a URL is given, else the embedded PGlite below `dataDir`. Migrated when it resolves. */
export function openDatabase({
  url,
  dataDir,
  migrates = true,
  refuseSuperuser = false,
}: OpenOptions): Promise<Database> {
  return url ? openPostgres(url, { migrates, refuseSuperuser }) : openPglite(dataDir)
}
