import { Problem } from '@rserve-proxy/contract/problems.ts'
import fp from 'fastify-plugin'

/** Postgres refuses U+0000 and lone surrogates; no string that we take may hold them. */
export const cleanText = fp(
  async (server) => {
    server.addHook('preValidation', ({ params, query, body }, _reply, done) => {
      if (!isClean(params) || !isClean(query) || !isClean(body)) {
        throw new Problem('invalid-request', { detail: 'The text holds U+0000 or half of a surrogate pair' })
      }
      done()
    })
  },
  { name: 'clean-text' },
)

// A list of what is left instead of recursion: 1 MiB of brackets nests deeper than the stack.
function isClean(input: unknown) {
  if (input === undefined) return true
  const waiting = [input]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) return false
    if (typeof value !== 'object' || value === null) continue
    for (const [name, inner] of Object.entries(value)) waiting.push(name, inner)
  }
  return true
}
