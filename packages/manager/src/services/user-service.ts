import type { Page, PageQuery } from '@rserve-proxy/contract/common.ts'
import type { LoginSession } from '@rserve-proxy/contract/login-sessions.ts'
import type { Account, CreateUser, UpdateUser } from '@rserve-proxy/contract/users.ts'
import type { Principal } from './principal.ts'

/** For admins. 'user-not-found' where an id names nobody. */
export interface UserService {
  list(query: PageQuery & { q?: string }): Promise<Page<Account>>
  get(userId: string): Promise<Account>
  /** 'username-taken'. */
  create(principal: Principal, user: CreateUser): Promise<Account>
  /** 'last-admin', 'own-account': one cannot shut oneself out. A new password and disabling end every sign-in. */
  update(principal: Principal, userId: string, change: UpdateUser): Promise<Account>
  /** 'own-account', 'last-admin', 'user-owns-apps'. */
  remove(principal: Principal, userId: string): Promise<void>
  listSessions(userId: string): Promise<LoginSession[]>
  /** Login sessions and tokens. */
  signOut(principal: Principal, userId: string): Promise<void>
}
