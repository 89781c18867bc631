import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { AppRow } from '../repositories/apps.ts'
import type { Store } from '../repositories/store.ts'
import type { Principal } from './principal.ts'

const notFound = () => new Problem('app-not-found', { detail: 'This app does not exist, or it is somebody else’s.' })

/** The only authorisation code: row and right in one query; a foreign app is not found. */
export async function visibleApp(store: Store, principal: Principal, appId: string): Promise<AppRow> {
  const row = await store.apps.findVisible(appId, principal)
  if (!row) throw notFound()
  return row
}

/** As visibleApp, and locked until the transaction of `store` ends. */
export async function lockedApp(store: Store, principal: Principal, appId: string): Promise<AppRow> {
  const row = await store.apps.lockVisible(appId, principal)
  if (!row) throw notFound()
  return row
}
