import type { GitInspection, InspectGit } from '@rserve-proxy/contract/git.ts'
import type { Principal } from './principal.ts'

export interface GitInspectService {
  /** Fetches, looks, forgets. 'source-unreadable' says why it could not; two at a time for everybody together. */
  inspect(principal: Principal, source: InspectGit, signal: AbortSignal): Promise<GitInspection>
}
