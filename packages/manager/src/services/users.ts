import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Account, UpdateUser } from '@rserve-proxy/contract/users.ts'
import type { Store } from '../repositories/store.ts'
import type { AccountRow, UserChange, UserRow } from '../repositories/users.ts'
import { actOf, onUser } from './audit-record.ts'
import { idleSeconds, wireSession } from './auth.ts'
import { decodeCursor, encodeCursor } from './page.ts'
import type { Passwords } from './password.ts'
import { refuseWeakPassword } from './password-rules.ts'
import type { Principal } from './principal.ts'
import { endEverySignIn } from './sign-ins.ts'
import type { TokenCache } from './token-cache.ts'
import type { UserService } from './user-service.ts'

export interface UserDeps {
  store: Store
  passwords: Passwords
  tokenCache: TokenCache
  newId: () => string
  now: () => Date
}

export function createUserService(deps: UserDeps): UserService {
  const { store, passwords, tokenCache, newId } = deps
  return {
    async list({ q, limit = 50, cursor }) {
      const after = cursor ? decodeCursor(cursor, 1)[0] : undefined
      const rows = await store.users.listAccounts(q, limit + 1, after)
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const nextCursor = last && rows.length > limit ? encodeCursor([last.username.toLowerCase()]) : null
      return { items: page.map(wireAccount), nextCursor }
    },

    get: (userId) => account(store, userId),

    async create(principal, { username, password, role, displayName = null, email = null }) {
      refuseWeakPassword(password, username, 'password')
      const passwordHash = await passwords.hash(password)
      const id = newId()
      await store.transaction(async (tx) => {
        await tx.users.insert({ id, username, passwordHash, role, displayName: displayName?.trim() ?? null, email })
        await tx.audit.record(actOf(principal, 'user.create', { ...onUser({ id, username }), detail: role }))
      })
      return account(store, id)
    },

    async update(principal, userId, change) {
      if (change.password && userId === principal.userId)
        throw new Problem('own-account', {
          detail: 'Change your own password with the current one: PUT /api/auth/password.',
        })
      const known = (await store.users.find(userId)) ?? notFound()
      if (change.password) refuseWeakPassword(change.password, known.username, 'password')
      const passwordHash = change.password && (await passwords.hash(change.password))
      await store.transaction(async (tx) => {
        const user = await lockedUser(tx, principal, userId, losesAdmin(change))
        await tx.users.update(userId, rowChange(deps, user, change, passwordHash))
        if (endsSignIns(change)) await endEverySignIn(tx, userId)
        const detail = Object.keys(change)
          .map((name) => describe(name, change))
          .join(', ')
        await tx.audit.record(actOf(principal, 'user.update', { ...onUser(user), detail }))
      })
      tokenCache.forgetUser(userId)
      return account(store, userId)
    },

    async remove(principal, userId) {
      await store.transaction(async (tx) => {
        const user = await lockedUser(tx, principal, userId, true)
        if ((await tx.users.countApps(userId)) > 0) throw ownsApps(user)
        await tx.users.remove(userId)
        await tx.audit.record(actOf(principal, 'user.delete', onUser(user)))
      })
      tokenCache.forgetUser(userId)
    },

    async listSessions(userId) {
      await account(store, userId)
      const rows = await store.loginSessions.listOf(userId, idleSeconds)
      return rows.map((row) => wireSession(row))
    },

    async signOut(principal, userId) {
      await store.transaction(async (tx) => {
        const user = (await tx.users.lock(userId)) ?? notFound()
        await endEverySignIn(tx, userId)
        await tx.audit.record(actOf(principal, 'user.sign-out', onUser(user)))
      })
      tokenCache.forgetUser(userId)
    },
  }
}

const losesAdmin = ({ role, disabled }: UpdateUser) => role === 'user' || disabled === true
const endsSignIns = ({ disabled, password }: UpdateUser) => disabled === true || password !== undefined

/** Before anything that could leave nobody to administer; two admins who demote each other come one after the other. */
async function lockedUser(tx: Store, principal: Principal, userId: string, isShutOut: boolean): Promise<UserRow> {
  const admins = await tx.users.lockAdmins()
  const user = (await tx.users.lock(userId)) ?? notFound()
  if (!isShutOut) return user
  // An admin who was demoted while this waited may do nothing more.
  if (!admins.includes(principal.userId)) throw new Problem('not-allowed', { detail: 'You are no admin any more.' })
  if (admins.length === 1 && admins[0] === userId)
    throw new Problem('last-admin', { detail: 'Make another user an admin first.' })
  if (userId === principal.userId)
    throw new Problem('own-account', { detail: 'Ask another admin to do this with your account.' })
  return user
}

function rowChange({ now }: UserDeps, user: UserRow, change: UpdateUser, passwordHash?: string): UserChange {
  const { role, displayName, email, disabled } = change
  return {
    ...(role && { role }),
    ...(displayName !== undefined && { displayName: displayName?.trim() ?? null }),
    ...(email !== undefined && { email }),
    ...(disabled !== undefined && { disabledAt: disabled ? (user.disabledAt ?? now()) : null }),
    ...(passwordHash && { passwordHash }),
  }
}

/** Names what changed; of values only those that say who may do what. */
const describe = (name: string, { role, disabled }: UpdateUser) =>
  name === 'role' ? `role: ${role}` : name === 'disabled' ? `disabled: ${disabled}` : name

async function account(store: Store, userId: string): Promise<Account> {
  const row = await store.users.findAccount(userId)
  return row ? wireAccount(row) : notFound()
}

function wireAccount({ id, username, displayName, role, email, disabledAt, apps, ...row }: AccountRow): Account {
  return {
    ...{ id, username, displayName, role, email, apps, disabled: disabledAt !== null },
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
  }
}

function ownsApps({ username }: UserRow) {
  const detail = `${username} owns apps: delete them or transfer them first. An account that owns apps can be disabled.`
  return new Problem('user-owns-apps', { detail })
}

export function notFound(): never {
  throw new Problem('user-not-found', { detail: 'There is no such user.' })
}
