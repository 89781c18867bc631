import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type * as schema from './schema.ts'

/** Fits both drivers and a transaction. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>

export interface Database extends AsyncDisposable {
  db: Db
  /** Throws when the database does not answer within 5 s. */
  ping(): Promise<void>
  /** Resolves when this process is the one active manager; held until the database is closed. */
  lead(signal: AbortSignal): Promise<void>
}
