import { expiredReleases } from '../domain/retention.ts'
import type { Store } from '../repositories/store.ts'
import type { CodeStorage } from '../sources/code-storage.ts'
import type { CleanupOptions, ImageBuilder, Removed } from '../spawner/image-builder.ts'
import type { AppTurns } from './app-turns.ts'
import type { Observation } from './observation.ts'

export interface RetentionDeps {
  store: Store
  storage: CodeStorage
  builder: Pick<ImageBuilder, 'removeImages' | 'trimCaches'>
  observation: Observation
  turns: AppTurns
  now: () => Date
  log: { info(fields: object, message: string): void; error(fields: object, message: string): void }
}

/** What went, or would go; sizes of images are the builder's to tell. */
export interface Cleared {
  kind: Removed['kind'] | 'upload' | 'build-log'
  id: string
  name: string
  reason: string
  sizeBytes?: number
}

const keptLogs = 50
const hourMs = 3_600_000

/** Removes images, uploads and build logs that no kept release needs. Rows stay: an old release can be read, not run. */
export function createRetention({ store, storage, builder, observation, turns, now, log }: RetentionDeps) {
  /** Apps whose images were compared with their rows since this process began: a killed one may have left some. */
  const compared = new Set<string>()
  let trimmedAt = 0

  /** Under the app's lock, so that a rollback asked for now is either seen here or told that it is too late. */
  function expire(appId: string, { dryRun }: CleanupOptions) {
    return store.transaction(async (tx) => {
      const app = await tx.apps.lock(appId)
      if (!app || app.desiredState === 'deleted' || (await tx.builds.unfinishedOf(appId)).length > 0) return undefined
      const releases = await tx.releases.available(appId)
      const needed = await neededNumbers(tx, appId)
      const expired = expiredReleases({ releases, keep: app.keepReleases, needed })
      const ids = expired.map(({ id }) => id)
      if (!dryRun) await tx.releases.expire(ids, now())
      return { slug: app.slug, kept: releases.filter((row) => !expired.includes(row)), expired }
    })
  }

  async function neededNumbers(tx: Store, appId: string): Promise<Set<number>> {
    const active = (await tx.deployments.active([appId])).map(({ releaseNumber }) => releaseNumber)
    const served = (await tx.releases.lastServed(appId))?.number
    const running = observation.of(appId)?.replicas.map(({ release }) => release) ?? []
    return new Set([...active, served, ...running].filter((number) => typeof number === 'number'))
  }

  /** `anew`: also what no release was ever made of, which is looked for once per process otherwise. */
  async function retain(appId: string, how: CleanupOptions & { anew: boolean }, signal: AbortSignal) {
    const found = await expire(appId, how)
    if (!found) return []
    const { slug, kept, expired } = found
    const cleared: Cleared[] = []
    if (expired.length > 0 || how.anew || !compared.has(appId)) {
      const images = [...new Set(kept.map(({ imageId }) => imageId))]
      cleared.push(...(await builder.removeImages(appId, images, how, signal)))
      compared.add(appId)
    }
    if (expired.length > 0 && !how.dryRun)
      log.info({ appId, releases: expired.map(({ number }) => number) }, 'releases expired')
    const hashes = new Set(kept.map(({ revision }) => revision.hash))
    cleared.push(...(await removeUploads(appId, hashes, how)), ...(await removeLogs(appId, slug, how)))
    return cleared
  }

  /** The newest is what the next deployment takes; the others stay with the releases that were made of them. */
  async function removeUploads(appId: string, hashes: Set<string>, { dryRun }: CleanupOptions): Promise<Cleared[]> {
    const [, ...older] = await store.uploads.newestFirst(appId)
    const doomed = older.filter(({ revision }) => !hashes.has(revision.hash))
    for (const { id } of dryRun ? [] : doomed) {
      // The row first: a folder without a row is found again, a row without a folder is a lie.
      await store.uploads.remove(id)
      await storage.removeUpload(appId, id)
    }
    return doomed.map(({ id, revision, sizeBytes }) => ({
      ...{ kind: 'upload', id, name: revision.label, sizeBytes, reason: 'no kept release was made of it' },
    }))
  }

  async function removeLogs(appId: string, slug: string, { dryRun }: CleanupOptions): Promise<Cleared[]> {
    const old = await store.builds.withLogBeyond(appId, keptLogs)
    for (const { id } of dryRun ? [] : old) {
      await storage.removeBuildLog(id)
      await store.builds.forgetLog(id)
    }
    return old.map(({ id, logBytes }) => ({
      ...{ kind: 'build-log', id, name: slug, sizeBytes: logBytes, reason: `${keptLogs} newer ones are kept` },
    }))
  }

  /** Counting what they hold reads every file's size: once an hour is enough. */
  async function trimCaches(signal: AbortSignal) {
    if (now().getTime() - trimmedAt < hourMs) return
    trimmedAt = now().getTime()
    const trimmed = await builder.trimCaches({ dryRun: false }, signal)
    if (trimmed.length > 0) log.info({ caches: trimmed.map(({ name }) => name) }, 'caches of packages trimmed')
  }

  return {
    retain,
    async run(signal: AbortSignal): Promise<{ againInMs: number } | undefined> {
      if (!observation.hasLooked() || observation.unknownSince()) return { againInMs: 10_000 }
      for (const { id: appId } of await store.apps.listAll()) {
        signal.throwIfAborted()
        if (turns.isBusy(appId)) continue
        // One app's trouble leaves the others alone; it is tried again with the next run.
        await turns
          .run(appId, () => retain(appId, { dryRun: false, anew: false }, signal))
          .catch((error: unknown) => {
            signal.throwIfAborted()
            log.error({ err: error, appId }, 'nothing could be cleared away for this app')
          })
      }
      await trimCaches(signal)
      return undefined
    },
  }
}
export type Retention = ReturnType<typeof createRetention>
