import type { Store } from '../repositories/store.ts'
import type { CodeStorage } from '../sources/code-storage.ts'
import type { ImageBuilder } from '../spawner/image-builder.ts'

export interface PurgeDeps {
  store: Store
  storage: CodeStorage
  builder: ImageBuilder
  /** Ends a build that runs here; its row goes with the app. */
  abortBuild: (buildId: string) => void
}

/** Removes what an app leaves behind once its containers are gone; the row last, so that a killed manager goes on. */
export function createPurge({ store, storage, builder, abortBuild }: PurgeDeps) {
  return async (appId: string, signal: AbortSignal): Promise<void> => {
    const buildIds = await store.builds.idsOf(appId)
    for (const buildId of buildIds) abortBuild(buildId)
    await builder.removeImages(appId, [], signal)
    await storage.removeApp(appId, buildIds)
    await store.apps.purge(appId)
  }
}
