import type { ChangePassword, Credentials, UpdateMe } from '@rserve-proxy/contract/auth.ts'
import type { LoginSession } from '@rserve-proxy/contract/login-sessions.ts'
import type { Caller, Person, Principal, SignIn } from './principal.ts'

export interface AuthService {
  /**
   * The same answer, after the same work, for an unknown user, a disabled one and a wrong password; `device` is what the
   * browser keeps from an earlier sign-in. 'wrong-credentials', 'too-many-requests'.
   */
  verify(credentials: Credentials, device: string | undefined, caller: Caller): Promise<SignIn>
  /** What the browser is to keep, so that others' failures do not shut it out. */
  issueDevice(principal: Principal): string
  /** The only way a login session begins. The id is stored hashed. */
  openSession(sessionId: string, principal: SignIn, how: 'login' | 'set-up' | 'renewed'): Promise<void>
  /** undefined when unknown, ended, too old, idle for too long, or its user is disabled. Throws when it cannot tell. */
  findSession(sessionId: string): Promise<(Person & { isVerified: boolean }) | undefined>
  /** Already gone is success. */
  endSession(sessionId: string): Promise<void>
  /** As endSession, because its user wants it. */
  signOut(sessionId: string, principal: Principal): Promise<void>
  /** `sessionId`: the one that asks. */
  listSessions(principal: Principal, sessionId: string): Promise<LoginSession[]>
  /** 'login-session-not-found'. */
  endOwnSession(principal: Principal, id: string): Promise<void>
  /** The principal as he is now. */
  updateMe(principal: Principal, change: UpdateMe): Promise<Principal>
  /** The password once more, for what a sign-in alone does not suffice. 'current-password-wrong'. */
  verifyAgain(principal: Principal, password: string, sessionId: string): Promise<void>
  /** All login sessions and tokens of the user end, also the one that asks: open it anew. 'current-password-wrong'. */
  changePassword(principal: Principal, passwords: ChangePassword): Promise<void>
}
