import type { TokenBearer } from '../repositories/api-tokens.ts'

interface Entry {
  bearer: TokenBearer
  until: number
}

const mostEntries = 1_000

export type TokenCache = ReturnType<typeof createTokenCache>

/**
 * Spares scripts that call often a query each time. Whatever ends a token here is felt at once; what another process does
 * (a stand-by manager, a command on the machine) is felt when `lifetimeMs` has passed.
 */
export function createTokenCache({ lifetimeMs = 1_000, elapsedMs }: { lifetimeMs?: number; elapsedMs: () => number }) {
  const entries = new Map<string, Entry>()
  let epoch = 0

  function forget(isMeant: (bearer: TokenBearer) => boolean) {
    epoch += 1
    for (const [hash, { bearer }] of entries) if (isMeant(bearer)) entries.delete(hash)
  }

  return {
    find(hash: string): TokenBearer | undefined {
      const entry = entries.get(hash)
      return entry && entry.until > elapsedMs() ? entry.bearer : undefined
    },

    /** What `ask` finds, kept unless something ended meanwhile: the answer may be older than that. */
    async fill(hash: string, ask: () => Promise<TokenBearer | undefined>): Promise<TokenBearer | undefined> {
      const before = epoch
      const bearer = await ask()
      if (!bearer || epoch !== before) return bearer
      if (entries.size >= mostEntries) entries.clear()
      entries.set(hash, { bearer, until: elapsedMs() + lifetimeMs })
      return bearer
    },

    forgetToken: (tokenId: string) => forget((bearer) => bearer.tokenId === tokenId),
    forgetUser: (userId: string) => forget((bearer) => bearer.userId === userId),
  }
}
