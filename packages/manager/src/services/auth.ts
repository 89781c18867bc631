import { createHash } from 'node:crypto'
import type { Credentials } from '@rserve-proxy/contract/auth.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { LoginSessionRow } from '../repositories/login-sessions.ts'
import type { Store } from '../repositories/store.ts'
import type { UserRow } from '../repositories/users.ts'
import { actOf, actOfStranger } from './audit-record.ts'
import type { AuthService } from './auth-service.ts'
import type { Devices } from './devices.ts'
import type { Passwords } from './password.ts'
import { refuseWeakPassword } from './password-rules.ts'
import { type Caller, type Principal, sessionPrincipal } from './principal.ts'
import { endEverySignIn } from './sign-ins.ts'
import type { Throttle } from './throttle.ts'
import type { TokenCache } from './token-cache.ts'

const HOUR = 3600
export const idleSeconds = { admin: HOUR, user: 8 * HOUR }
const lifetimeSeconds = { admin: 12 * HOUR, user: 7 * 24 * HOUR }
const SESSIONS_PER_USER = 20

export interface AuthDeps {
  store: Store
  passwords: Passwords
  throttle: Pick<Throttle, 'attempt' | 'purge'>
  devices: Devices
  tokenCache: TokenCache
}

export function createAuthService(deps: AuthDeps): AuthService {
  const { store, passwords, throttle, devices, tokenCache } = deps
  return {
    async verify(credentials, device, caller) {
      const account = credentials.username
      const attempt = await throttle.attempt({
        address: caller.address,
        account,
        device: devices.idOf(device, account),
      })
      const user = await rightUser(deps, credentials)
      if (!user) {
        await store.audit.record(actOfStranger(caller, account, 'login'))
        throw new Problem('wrong-credentials')
      }
      await attempt.succeeded()
      return { ...principalOf(user, caller), authEpoch: user.authEpoch }
    },

    issueDevice: ({ username }) => devices.issue(username),

    async openSession(sessionId, principal, how) {
      const { userId, accountRole, caller } = principal
      const { address, browser } = caller
      await store.transaction(async (tx) => {
        const { authEpoch } = principal
        const session = { idHash: hashOf(sessionId), userId, authEpoch, address, browser: browser.slice(0, 200) }
        await tx.loginSessions.insert(session, lifetimeSeconds[accountRole])
        await tx.loginSessions.revokeOldest(userId, SESSIONS_PER_USER)
        await tx.loginSessions.purgeExpired()
        if (how === 'login') await tx.audit.record(actOf(principal, 'login'))
      })
      await throttle.purge()
    },

    async findSession(sessionId) {
      const idHash = hashOf(sessionId)
      const found = await store.loginSessions.findUser(idHash, idleSeconds)
      if (!found) return undefined
      const { isStale, ...user } = found
      if (isStale) await store.loginSessions.touch(idHash)
      return user
    },

    async endSession(sessionId) {
      await store.loginSessions.revoke(hashOf(sessionId))
    },

    async signOut(sessionId, principal) {
      await store.transaction(async (tx) => {
        await tx.loginSessions.revoke(hashOf(sessionId))
        await tx.audit.record(actOf(principal, 'logout'))
      })
    },

    async listSessions({ userId }, sessionId) {
      const rows = await store.loginSessions.listOf(userId, idleSeconds)
      return rows.map((row) => wireSession(row, hashOf(sessionId)))
    },

    async endOwnSession(principal, id) {
      await store.transaction(async (tx) => {
        if (!(await tx.loginSessions.revokeById(principal.userId, id))) throw noSuchSession()
        await tx.audit.record(actOf(principal, 'login-session.end', { objectType: 'login-session', objectId: id }))
      })
    },

    async updateMe(principal, change) {
      await store.transaction(async (tx) => {
        await tx.users.update(principal.userId, change)
        const detail = Object.keys(change).join(', ')
        await tx.audit.record(actOf(principal, 'profile.change', { detail }))
      })
      return { ...principal, ...change }
    },

    async verifyAgain(principal, password, sessionId) {
      await proveAgain(deps, principal, password, 'password.verify')
      await store.loginSessions.verify(hashOf(sessionId))
    },

    async changePassword(principal, { currentPassword, newPassword }) {
      const { userId, username } = principal
      refuseWeakPassword(newPassword, username, 'newPassword')
      await proveAgain(deps, principal, currentPassword, 'password.change')
      const passwordHash = await passwords.hash(newPassword)
      await store.transaction(async (tx) => {
        await tx.users.update(userId, { passwordHash })
        await endEverySignIn(tx, userId)
        await tx.audit.record(actOf(principal, 'password.change'))
      })
      tokenCache.forgetUser(userId)
    },
  }
}

async function proveAgain(
  { store, passwords, throttle }: AuthDeps,
  principal: Principal,
  password: string,
  action: 'password.change' | 'password.verify',
) {
  const { userId, username, caller } = principal
  const attempt = await throttle.attempt({ address: caller.address, account: `own ${username}` })
  const user = await store.users.find(userId)
  if (!(await passwords.isRight(password, user?.passwordHash))) {
    await store.audit.record(actOf(principal, action, { result: 'failed' }))
    throw new Problem('current-password-wrong', { detail: 'The current password is another one.' })
  }
  await attempt.succeeded()
}

async function rightUser({ store, passwords }: AuthDeps, { username, password }: Credentials) {
  const user = await store.users.findByUsername(username)
  const isRight = await passwords.isRight(password, user?.passwordHash)
  if (!user || !isRight || user.disabledAt) return undefined
  if (passwords.isOutdated(user.passwordHash))
    await store.users.update(user.id, { passwordHash: await passwords.hash(password) })
  return user
}

export const principalOf = ({ id, username, displayName, email, role }: UserRow, caller: Caller): Principal =>
  sessionPrincipal({ userId: id, username, displayName, email, role, isVerified: true }, caller)

export function wireSession(row: LoginSessionRow, currentHash?: string) {
  const { id, createdAt, lastSeenAt, expiresAt, address, browser, idHash } = row
  return {
    ...{ id, address, browser, current: idHash === currentHash },
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }
}

const noSuchSession = () =>
  new Problem('login-session-not-found', { detail: 'You have no such login session, or it has ended.' })

const hashOf = (sessionId: string) => createHash('sha256').update(sessionId).digest('hex')
