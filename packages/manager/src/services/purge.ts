import type { Store } from '../repositories/store.ts'
import type { CodeStorage } from '../sources/code-storage.ts'
import type { ImageBuilder } from '../spawner/image-builder.ts'

export interface PurgeDeps {
  store: Store
  storage: CodeStorage
  builder: ImageBuilder
  /** Ends a build that runs here. */
  abortBuild: (buildId: string) => void
}

/** Removes what an app leaves behind once its containers are gone; the row last, so that a killed manager goes on. */
export function createPurge({ store, storage, builder, abortBuild }: PurgeDeps) {
  /** True once nothing of the app is built: a build that still ends could leave an image behind. */
  async function endBuilds(appId: string): Promise<boolean> {
    for (const buildId of await store.builds.unfinishedOf(appId)) {
      if (await store.builds.endQueued(buildId, 'cancelled')) continue
      await store.builds.requestCancel(buildId)
      abortBuild(buildId)
    }
    return (await store.builds.unfinishedOf(appId)).length === 0
  }

  /** One step; false while something is left. */
  return async (appId: string, signal: AbortSignal): Promise<boolean> => {
    if (!(await endBuilds(appId))) return false
    const buildIds = await store.builds.idsOf(appId)
    await builder.removeImages(appId, [], { dryRun: false }, signal)
    await storage.removeApp(appId, buildIds)
    await store.apps.purge(appId)
    return true
  }
}
