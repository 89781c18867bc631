import type { ProblemCode } from '@rserve-proxy/contract/problems.ts'

/**
 * Errors of layers that HTTP may not import, known by their shape. `undefined` = a mistake of ours: 'internal'.
 */
export function codeOfForeignError(error: unknown): ProblemCode | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
    if (cause.name === 'SpawnerError') return spawnerCodes[code] ?? 'spawner-failed'
    const found = systemCodes[code] ?? sqlStates.find(([pattern]) => pattern.test(code))?.[1]
    if (found) return found
  }
  return undefined
}

const spawnerCodes: Record<string, ProblemCode> = {
  unavailable: 'spawner-unavailable',
  timeout: 'spawner-unavailable',
  conflict: 'app-busy',
  'out-of-resources': 'out-of-resources',
}

const systemCodes: Record<string, ProblemCode> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  // postgres.js and the sockets below it
  CONNECTION_CLOSED: 'database-unavailable',
  CONNECTION_ENDED: 'database-unavailable',
  CONNECTION_DESTROYED: 'database-unavailable',
  CONNECT_TIMEOUT: 'database-unavailable',
  ECONNREFUSED: 'database-unavailable',
  ECONNRESET: 'database-unavailable',
  ENOTFOUND: 'database-unavailable',
  EAI_AGAIN: 'database-unavailable',
}

const sqlStates: [RegExp, ProblemCode][] = [
  // Connection lost, resources short, shut down, timed out: it may work again in a moment.
  [/^(08|57P|58)...?$/, 'database-unavailable'],
  [/^(53[023]00|57014)$/, 'database-unavailable'],
  [/^53100$/, 'disk-full'],
  // A value that the schemas let through and the database does not take.
  [/^22...$/, 'invalid-request'],
]
