import type { Session } from '@rserve-proxy/contract/sessions.ts'
import type { Principal } from './principal.ts'

export interface SessionService {
  /** Live R sessions, oldest first, looked at now; App.sessions shows their number from then on. */
  list(principal: Principal, appId: string, signal: AbortSignal): Promise<Session[]>
  /** 'session-not-found' when it has ended already. */
  end(principal: Principal, appId: string, sessionId: string, signal: AbortSignal): Promise<void>
}
