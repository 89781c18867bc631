import { eq, isNull } from 'drizzle-orm'
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

    /** The text that the keys of secrets must open; undefined before the first one was kept. */
    async canary(): Promise<string | undefined> {
      const [row] = await db.select().from(installation)
      return row?.canary ?? undefined
    },

    /** Of two managers that start at once the first one's stays. */
    async keepCanary(sealed: string, instead?: string): Promise<void> {
      const isFree = instead === undefined ? isNull(installation.canary) : eq(installation.canary, instead)
      await db.update(installation).set({ canary: sealed }).where(isFree)
    },
  }
}
