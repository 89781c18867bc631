import type { Db } from '../db/database.ts'
import { installation } from '../db/schema.ts'

export type InstallationRepository = ReturnType<typeof createInstallationRepository>

export function createInstallationRepository(db: Db) {
  return {
    /** Records the id at the first start and returns the recorded one: a database belongs to one installation. */
    async claim(installationId: string): Promise<string> {
      await db.insert(installation).values({ installationId }).onConflictDoNothing()
      const [row] = await db.select().from(installation)
      return row?.installationId ?? installationId
    },
  }
}
