import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Release } from '@rserve-proxy/contract/releases.ts'
import type { ReleaseRow } from '../repositories/releases.ts'
import type { Store } from '../repositories/store.ts'
import { renvLock } from '../spawner/package-lock.ts'
import { visibleApp } from './access.ts'
import { decodeCursor, encodeCursor } from './page.ts'
import { releaseDiff } from './release-diff.ts'
import type { ReleaseService } from './release-service.ts'

export function createReleaseService(store: Store): ReleaseService {
  return {
    async list(principal, appId, { limit = 50, cursor }) {
      await visibleApp(store, principal, appId, 'view')
      const below = cursor ? Number(decodeCursor(cursor, 1)[0]) : undefined
      const rows = await store.releases.list(appId, limit + 1, below)
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const liveId = await liveReleaseId(store, appId)
      return {
        items: page.map((row) => wireRelease(row, liveId)),
        nextCursor: last && rows.length > limit ? encodeCursor([last.number]) : null,
      }
    },

    async get(principal, appId, number) {
      await visibleApp(store, principal, appId, 'view')
      return wireRelease(await releaseOf(store, appId, number), await liveReleaseId(store, appId))
    },

    async functions(principal, appId) {
      await visibleApp(store, principal, appId, 'view')
      const liveId = await liveReleaseId(store, appId)
      const live = liveId ? await store.releases.find(liveId) : undefined
      if (!live) return { release: null, functions: null }
      return { release: live.number, functions: (await store.releases.details(live.id)).functions }
    },

    async renvLock(principal, appId, number) {
      await visibleApp(store, principal, appId, 'view')
      const { id, packages, settings } = await releaseOf(store, appId, number)
      const { lock } = await store.releases.details(id)
      if (lock) return renvLock(lock, settings.rVersion)
      if (packages.length === 0) return renvLock({ repository: '', packages: [] }, settings.rVersion)
      const detail = `Release ${number} was built by an earlier version, which kept no lock. Deploy again.`
      throw new Problem('lock-not-recorded', { detail })
    },

    async diff(principal, appId, number, other) {
      await visibleApp(store, principal, appId, 'view')
      return releaseDiff(await releaseOf(store, appId, number), await releaseOf(store, appId, other))
    },
  }
}

/** 'release-not-found' */
export async function releaseOf(store: Store, appId: string, number: number): Promise<ReleaseRow> {
  const row = await store.releases.findByNumber(appId, number)
  if (!row) throw new Problem('release-not-found', { detail: `This app has no release ${number}.` })
  return row
}

async function liveReleaseId(store: Store, appId: string) {
  return (await store.deployments.active([appId])).find(({ status }) => status === 'live')?.releaseId ?? undefined
}

function wireRelease(row: ReleaseRow, liveId: string | undefined): Release {
  return {
    number: row.number,
    revision: row.revision,
    rVersion: row.settings.rVersion,
    packageCount: row.packages.length,
    createdAt: row.createdAt.toISOString(),
    imageId: row.imageId,
    isLive: row.id === liveId,
    isAvailable: row.imageRemovedAt === null,
    packages: row.packages,
    packagesFrom: row.packagesFrom,
    settings: { ...row.settings },
  }
}
