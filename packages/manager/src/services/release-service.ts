import type { Page, PageQuery } from '@rserve-proxy/contract/common.ts'
import type { Release } from '@rserve-proxy/contract/releases.ts'
import type { Principal } from './principal.ts'

export interface ReleaseService {
  list(principal: Principal, appId: string, page: PageQuery): Promise<Page<Release>>
  get(principal: Principal, appId: string, number: number): Promise<Release>
}
