import { expiredReleases } from '../domain/retention.ts'
import type { ReleaseRow } from '../repositories/releases.ts'
import type { Store } from '../repositories/store.ts'
import type { CodeStorage } from '../sources/code-storage.ts'
import type { ImageBuilder } from '../spawner/image-builder.ts'
import type { AppTurns } from './app-turns.ts'
import type { Observation } from './observation.ts'

export interface RetentionDeps {
  store: Store
  storage: CodeStorage
  builder: Pick<ImageBuilder, 'removeImages'>
  observation: Observation
  turns: AppTurns
  now: () => Date
  log: { info(fields: object, message: string): void; error(fields: object, message: string): void }
}

/** Removes images and uploads that no kept release needs. Rows stay: an old release can be read, not run. */
export function createRetention({ store, storage, builder, observation, turns, now, log }: RetentionDeps) {
  /** Apps whose images were compared with their rows since this process began: a killed one may have left some. */
  const compared = new Set<string>()

  /** Under the app's lock, so that a rollback asked for now is either seen here or told that it is too late. */
  function expire(appId: string): Promise<{ kept: ReleaseRow[]; expired: ReleaseRow[] } | undefined> {
    return store.transaction(async (tx) => {
      const app = await tx.apps.lock(appId)
      if (!app || app.desiredState === 'deleted' || (await tx.builds.unfinishedOf(appId)).length > 0) return undefined
      const releases = await tx.releases.available(appId)
      const needed = await neededNumbers(tx, appId)
      const expired = expiredReleases({ releases, keep: app.keepReleases, needed })
      await tx.releases.expire(
        expired.map(({ id }) => id),
        now(),
      )
      return { kept: releases.filter((row) => !expired.includes(row)), expired }
    })
  }

  async function neededNumbers(tx: Store, appId: string): Promise<Set<number>> {
    const active = (await tx.deployments.active([appId])).map(({ releaseNumber }) => releaseNumber)
    const served = (await tx.releases.lastServed(appId))?.number
    const running = observation.of(appId)?.replicas.map(({ release }) => release) ?? []
    return new Set([...active, served, ...running].filter((number) => typeof number === 'number'))
  }

  async function retain(appId: string, signal: AbortSignal): Promise<void> {
    const found = await expire(appId)
    if (!found) return
    const { kept, expired } = found
    if (expired.length > 0 || !compared.has(appId)) {
      const images = [...new Set(kept.map(({ imageId }) => imageId))]
      await builder.removeImages(appId, images, signal)
      compared.add(appId)
    }
    if (expired.length > 0) log.info({ appId, releases: expired.map(({ number }) => number) }, 'releases expired')
    await removeUploads(appId, new Set(kept.map(({ revision }) => revision.hash)))
  }

  /** The newest is what the next deployment takes; the others stay with the releases that were made of them. */
  async function removeUploads(appId: string, hashes: Set<string>) {
    const [, ...older] = await store.uploads.newestFirst(appId)
    for (const { id, revision } of older) {
      if (hashes.has(revision.hash)) continue
      // The row first: a folder without a row is found again, a row without a folder is a lie.
      await store.uploads.remove(id)
      await storage.removeUpload(appId, id)
    }
  }

  return {
    async run(signal: AbortSignal): Promise<{ againInMs: number } | undefined> {
      if (!observation.hasLooked() || observation.unknownSince()) return { againInMs: 10_000 }
      for (const { id: appId } of await store.apps.listAll()) {
        signal.throwIfAborted()
        if (turns.isBusy(appId)) continue
        // One app's trouble leaves the others alone; it is tried again with the next run.
        await turns
          .run(appId, () => retain(appId, signal))
          .catch((error: unknown) => {
            signal.throwIfAborted()
            log.error({ err: error, appId }, 'nothing could be cleared away for this app')
          })
      }
      return undefined
    },
  }
}
