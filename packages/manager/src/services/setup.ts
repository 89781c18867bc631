import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Store } from '../repositories/store.ts'
import { actOf, actOfStranger, onUser } from './audit-record.ts'
import type { Passwords } from './password.ts'
import { refuseWeakPassword } from './password-rules.ts'
import { sessionPrincipal } from './principal.ts'
import type { SetupService } from './setup-service.ts'
import type { Throttle } from './throttle.ts'

const LIFETIME_SECONDS = 3_600

export interface SetupDeps {
  store: Store
  passwords: Passwords
  throttle: Pick<Throttle, 'attempt'>
  newId: () => string
}

export function createSetupService({ store, passwords, throttle, newId }: SetupDeps): SetupService {
  return {
    isNeeded: async () => !(await store.users.isAnybodyThere()),

    async setUp({ token, username, password, displayName }, caller) {
      const attempt = await throttle.attempt({ address: caller.address })
      await requireToken(store, token).catch(async (error: unknown) => {
        await store.audit.record(actOfStranger(caller, username, 'set-up'))
        throw error
      })
      refuseWeakPassword(password, username, 'password')
      const passwordHash = await passwords.hash(password)
      const person = { displayName: displayName?.trim() ?? null, email: null, role: 'admin' as const, username }
      const principal = sessionPrincipal({ ...person, userId: newId(), isVerified: true }, caller)
      await store.transaction(async (tx) => {
        await requireToken(tx, token)
        await tx.installation.endSetup()
        await tx.users.insert({ ...person, id: principal.userId, passwordHash })
        await tx.audit.record(actOf(principal, 'set-up', onUser({ id: principal.userId, username })))
      })
      await attempt.succeeded()
      return principal
    },
  }
}

async function requireToken(store: Store, token: string) {
  const { tokenHash, isExpired } = await store.installation.lockSetup()
  if (await store.users.isAnybodyThere())
    throw new Problem('already-set-up', { detail: 'There are users already: sign in.' })
  if (tokenHash === null || isExpired || !isSame(tokenHash, hashOf(token)))
    throw new Problem('setup-token-wrong', {
      detail:
        'Open the newest set-up link in the log of the manager. It is valid for an hour; a restart makes a new one.',
    })
}

const isSame = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex')

interface OfferDeps {
  store: Store
  managerUrl: string
  log: { warn(fields: object, message: string): void }
}

/** While nobody can sign in: a link for whoever can read the log, and for nobody else. */
export async function offerSetup({ store, managerUrl, log }: OfferDeps): Promise<void> {
  if (await store.users.isAnybodyThere()) return
  const token = randomBytes(32).toString('base64url')
  await store.installation.offerSetup(hashOf(token), LIFETIME_SECONDS)
  // In the fragment, which browsers send to no server and proxies write to no log.
  const setupUrl = `${managerUrl.replace(/\/$/, '')}/setup#${token}`
  log.warn(
    { setupUrl, validSeconds: LIFETIME_SECONDS },
    'nobody can sign in yet: open setupUrl to make the first admin',
  )
}
