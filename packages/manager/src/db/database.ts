import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type * as schema from './schema.ts'

/** Fits both drivers and a transaction. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>

export interface Database extends AsyncDisposable {
  db: Db
  /** Throws when the database does not answer within 5 s. */
  ping(): Promise<void>
  /**
   * Takes the lock of the one active manager when it is free; true while this process holds it, which is until the
   * database is closed or the connection is lost.
   */
  lead(): Promise<boolean>
}
