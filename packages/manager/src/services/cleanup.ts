import type { Store } from '../repositories/store.ts'
import type { CleanupOptions, ImageBuilder } from '../spawner/image-builder.ts'
import type { AppTurns } from './app-turns.ts'
import { actOf } from './audit-record.ts'
import type { CleanupService } from './cleanup-service.ts'
import type { Cleared, Retention } from './retention.ts'

export interface CleanupDeps {
  store: Store
  builder: ImageBuilder
  retention: Pick<Retention, 'retain'>
  turns: AppTurns
  log: { info(fields: object, message: string): void }
}

/** What retention does by itself, at once and in full; an app that is being built is left alone. */
export function createCleanupService({ store, builder, retention, turns, log }: CleanupDeps): CleanupService {
  const knownApps = async () => new Set((await store.apps.listAll()).map(({ id }) => id))

  async function ofApps(how: CleanupOptions, signal: AbortSignal): Promise<Cleared[]> {
    const appIds = new Set([...(await knownApps()), ...(await builder.appIds(signal))])
    const cleared: Cleared[] = []
    for (const appId of [...appIds].filter((id) => !turns.isBusy(id)))
      cleared.push(...(await turns.run(appId, () => ofApp(appId, how, signal))))
    return cleared
  }

  async function ofApp(appId: string, how: CleanupOptions, signal: AbortSignal): Promise<Cleared[]> {
    // Asked again: it may have been made, and built, since the images were listed.
    if ((await knownApps()).has(appId)) return retention.retain(appId, { ...how, anew: true }, signal)
    return builder.removeImages(appId, [], how, signal)
  }

  return {
    async run(principal, { dryRun }, signal) {
      const sizes = await builder.imageSizes(signal)
      const cleared: Cleared[] = [
        ...(await ofApps({ dryRun }, signal)),
        ...(await builder.removeUnused({ dryRun }, signal)),
        ...(await builder.trimCaches({ dryRun }, signal)),
      ]
      const items = cleared.map(({ id, ...item }) => ({ ...item, id, sizeBytes: item.sizeBytes ?? sizes.get(id) ?? 0 }))
      const freedBytes = items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
      if (!dryRun) {
        log.info({ items: items.length, freedBytes }, 'cleaned up')
        await store.audit.record(actOf(principal, 'system.cleanup', { detail: `${freedBytes} bytes` }))
      }
      return { dryRun, items, freedBytes }
    },
  }
}
