import type { Page, PageQuery } from '@rserve-proxy/contract/common.ts'
import type { Functions } from '@rserve-proxy/contract/functions.ts'
import type { Release, ReleaseDiff } from '@rserve-proxy/contract/releases.ts'
import type { Principal } from './principal.ts'

export interface ReleaseService {
  list(principal: Principal, appId: string, page: PageQuery): Promise<Page<Release>>
  get(principal: Principal, appId: string, number: number): Promise<Release>
  /** Of the live release. */
  functions(principal: Principal, appId: string): Promise<Functions>
  /** Its packages, as `renv::restore()` takes them. */
  renvLock(principal: Principal, appId: string, number: number): Promise<string>
  /** What changes from `number` to `other`. */
  diff(principal: Principal, appId: string, number: number, other: number): Promise<ReleaseDiff>
}
