import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Collaborator, Share, Transfer } from '@rserve-proxy/contract/collaborators.ts'
import type { Principal } from './principal.ts'

export interface CollaboratorService {
  list(principal: Principal, appId: string): Promise<Collaborator[]>
  /** The list as it is then. 'user-not-found' also for disabled users; the owner is none: 'invalid-request'. */
  put(principal: Principal, appId: string, share: Share): Promise<Collaborator[]>
  /** Whoever may share the app removes anybody; others only themselves. 'collaborator-not-found'. */
  remove(principal: Principal, appId: string, userId: string): Promise<void>
  /** The owner before stays as an editor. 'user-not-found'. */
  transfer(principal: Principal, appId: string, to: Transfer): Promise<App>
}
