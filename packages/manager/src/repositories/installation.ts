import { eq, isNull, sql } from 'drizzle-orm'
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

    /** A new token for the set-up link; the one before is void. */
    async offerSetup(tokenHash: string, lifetimeSeconds: number): Promise<void> {
      const setupExpiresAt = sql`now() + make_interval(secs => ${lifetimeSeconds})`
      await db.update(installation).set({ setupTokenHash: tokenHash, setupExpiresAt })
    },

    /** Locks until the transaction ends: of many who set up at once one is first. */
    async lockSetup(): Promise<{ tokenHash: string | null; isExpired: boolean }> {
      const isExpired = sql<boolean>`coalesce(${installation.setupExpiresAt} <= now(), true)`
      const [row] = await db
        .select({ tokenHash: installation.setupTokenHash, isExpired })
        .from(installation)
        .for('update')
      return row ?? { tokenHash: null, isExpired: true }
    },

    async endSetup(): Promise<void> {
      await db.update(installation).set({ setupTokenHash: null, setupExpiresAt: null })
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
