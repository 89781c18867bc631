import { createHash } from 'node:crypto'
import type { Credentials } from '@rserve-proxy/contract/auth.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Static } from '@sinclair/typebox'
import type { LoginSessionRepository } from '../repositories/login-sessions.ts'
import type { UserRepository } from '../repositories/users.ts'
import type { Passwords } from './password.ts'
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

const HOUR = 3600
const idleSeconds = { admin: HOUR, user: 8 * HOUR }
const lifetimeSeconds = { admin: 12 * HOUR, user: 7 * 24 * HOUR }
const SESSIONS_PER_USER = 20

export interface AuthServiceOptions {
  users: UserRepository
  sessions: LoginSessionRepository
  passwords: Passwords
}

export function createAuthService({ users, sessions, passwords }: AuthServiceOptions): AuthService {
  return {
    async verify({ username, password }) {
      const user = await users.findByUsername(username)
      const isRight = await passwords.isRight(password, user?.passwordHash)
      if (!user || !isRight || user.disabledAt) throw new Problem('wrong-credentials')
      if (passwords.isOutdated(user.passwordHash)) await users.setPasswordHash(user.id, await passwords.hash(password))
      return {
        userId: user.id,
        username: user.username,
        displayName: user.displayName,
        role: user.role,
        via: 'session',
      }
    },

    async openSession(sessionId, { userId, role }) {
      await sessions.insert({ idHash: hashOf(sessionId), userId }, lifetimeSeconds[role])
      await sessions.revokeOldest(userId, SESSIONS_PER_USER)
      await sessions.purgeExpired()
    },

    async findSession(sessionId) {
      const idHash = hashOf(sessionId)
      const found = await sessions.findUser(idHash, idleSeconds)
      if (!found) return undefined
      const { isStale, ...user } = found
      if (isStale) await sessions.touch(idHash)
      return { ...user, via: 'session' }
    },

    async endSession(sessionId) {
      await sessions.revoke(hashOf(sessionId))
    },
  }
}

const hashOf = (sessionId: string) => createHash('sha256').update(sessionId).digest('hex')
