import type { Credentials } from '@rserve-proxy/contract/auth.ts'
import type { Static } from '@sinclair/typebox'
import type { Principal } from './principal.ts'

export interface AuthService {
  /** The same answer, after the same work, for an unknown user, a disabled one and a wrong password. */
  verify(credentials: Static<typeof Credentials>): Promise<Principal>
  /** The only way a login session begins. The id is stored hashed. */
  openSession(sessionId: string, principal: Principal): Promise<void>
  /** undefined when unknown, ended, too old, idle for too long, or its user is disabled. Throws when it cannot tell. */
  findSession(sessionId: string): Promise<Principal | undefined>
  /** Already gone is success. */
  endSession(sessionId: string): Promise<void>
}
