import type { App, CreateApp, ListAppsQuery, UpdateApp } from '@rserve-proxy/contract/apps.ts'
import type { Page } from '@rserve-proxy/contract/common.ts'
import type { Static } from '@sinclair/typebox'
import type { Principal } from './principal.ts'

export interface AppService {
  list(principal: Principal, query: Static<typeof ListAppsQuery>): Promise<Page<App>>
  create(principal: Principal, app: CreateApp): Promise<App>
  get(principal: Principal, appId: string): Promise<App>
  /** `ifVersion` from If-Match: 'changed-meanwhile' when the stored version differs. */
  update(principal: Principal, appId: string, change: UpdateApp, options: { ifVersion?: number }): Promise<App>
  /** Intent only; the reconciler removes containers, images, uploads and the row. The app is gone for callers at once. */
  remove(principal: Principal, appId: string, options: { ifVersion?: number }): Promise<void>
  checkSlug(principal: Principal, slug: string): Promise<{ available: boolean; reason?: string }>
}
