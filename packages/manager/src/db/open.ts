import type { Database } from './database.ts'
import { openPglite } from './open-pglite.ts'
import { openPostgres } from './open-postgres.ts'

/** Postgres where a URL is given, else the embedded PGlite below `dataDir`. Migrated when it resolves. */
export function openDatabase({ url, dataDir }: { url?: string | undefined; dataDir: string }): Promise<Database> {
  return url ? openPostgres(url) : openPglite(dataDir)
}
