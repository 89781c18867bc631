import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { CreateToken, Token } from '@rserve-proxy/contract/tokens.ts'
import type { ApiTokenRow } from '../repositories/api-tokens.ts'
import type { Store } from '../repositories/store.ts'
import { actOf } from './audit-record.ts'
import { hashOfToken, isWellFormed, newToken } from './bearer-token.ts'
import { type Principal, tokenPrincipal } from './principal.ts'
import type { TokenCache } from './token-cache.ts'
import type { TokenService } from './token-service.ts'

const TOKENS_PER_USER = 50
const DEFAULT_DAYS = 90
/** What a header may be long before anything is computed from it. */
const longestHeader = 256

export interface TokenDeps {
  store: Store
  cache: TokenCache
  newId: () => string
}

export function createTokenService({ store, cache, newId }: TokenDeps): TokenService {
  /** Hashes whose use has been written down lately, so that parallel calls write once. */
  const touching = new Set<string>()

  async function noteUse(tokenId: string) {
    if (touching.has(tokenId)) return
    touching.add(tokenId)
    await store.tokens.touch(tokenId).finally(() => touching.delete(tokenId))
  }

  async function find(hash: string) {
    const bearer = await cache.fill(hash, () => store.tokens.findBearer(hash))
    if (bearer && !bearer.isExpired && !bearer.isFresh) await noteUse(bearer.tokenId)
    return bearer
  }

  return {
    list: async ({ userId }) => (await store.tokens.listOf(userId)).map(wireToken),

    async create(principal, { name, scopes = ['read', 'deploy', 'manage'], appIds, expiresInDays = DEFAULT_DAYS }) {
      refuseBeyondRole(principal, scopes, expiresInDays)
      const { token, hash, prefix } = newToken(appIds ? 'dep' : 'pat')
      const row = await store.transaction(async (tx) => {
        // The row of the user makes makers of tokens wait for each other.
        await tx.users.lock(principal.userId)
        if ((await tx.tokens.countUsable(principal.userId)) >= TOKENS_PER_USER) throw tooMany()
        for (const appId of appIds ?? []) await requireVisible(tx, principal, appId)
        const id = newId()
        const facts = { id, userId: principal.userId, name: name.trim(), hash, prefix, scopes, expiresInDays }
        const made = await tx.tokens.insert({ ...facts, appIds: appIds ?? null })
        await tx.audit.record(actOf(principal, 'token.create', about(made)))
        return made
      })
      return { ...wireToken(row), token }
    },

    async remove(principal, tokenId) {
      await store.transaction(async (tx) => {
        const row = await tx.tokens.revoke(principal.userId, tokenId)
        if (!row) throw new Problem('token-not-found', { detail: 'You have no such token, or it has ended.' })
        await tx.audit.record(actOf(principal, 'token.delete', about(row)))
      })
      cache.forgetToken(tokenId)
    },

    async authenticate(header, caller) {
      const token = header.length <= longestHeader ? /^bearer +([^\s]+)$/i.exec(header)?.[1] : undefined
      if (!token) throw notAToken()
      const hash = hashOfToken(token)
      const bearer = cache.find(hash) ?? (isWellFormed(token) ? await find(hash) : undefined)
      if (!bearer) throw notAToken()
      if (bearer.isExpired) throw new Problem('token-expired', { detail: 'Make a new token in the dashboard.' })
      return tokenPrincipal(bearer, caller)
    },
  }
}

async function requireVisible(tx: Store, principal: Principal, appId: string) {
  if (await tx.apps.findVisible(appId, principal)) return
  const message = `names an app that you cannot see: ${appId}`
  throw new Problem('app-not-found', { detail: `The list of apps ${message}.`, errors: [{ path: 'appIds', message }] })
}

function refuseBeyondRole({ accountRole }: Principal, scopes: CreateToken['scopes'], expiresInDays: number | null) {
  if (accountRole === 'admin') return
  if (scopes?.includes('admin')) throw new Problem('not-allowed', { detail: 'Only an admin’s token may administer.' })
  if (expiresInDays === null) throw new Problem('not-allowed', { detail: 'Only an admin’s token may last for ever.' })
}

const about = ({ id, name }: ApiTokenRow) => ({ objectType: 'token', objectId: id, objectName: name })

const tooMany = () =>
  new Problem('token-limit', { detail: `You have ${TOKENS_PER_USER} tokens. Delete one that is not used.` })

const notAToken = () => new Problem('not-signed-in', { detail: 'The Authorization header holds no valid token.' })

const wireToken = ({ id, name, prefix, scopes, appIds, ...row }: ApiTokenRow): Token => ({
  ...{ id, name, prefix, scopes, appIds },
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt?.toISOString() ?? null,
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
})
