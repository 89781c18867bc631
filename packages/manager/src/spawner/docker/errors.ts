import { SpawnerError, type SpawnerErrorCode } from '../spawner.ts'

/** The engine's own words come first: one status stands for several causes. */
const byText: [RegExp, SpawnerErrorCode][] = [
  [/no such image/i, 'image-missing'],
  [/pool overlaps/i, 'subnet-taken'],
  [/name .* is already in use/i, 'name-taken'],
  [/has active endpoints/i, 'conflict'],
  [/no space left|cannot allocate memory|no available .*address/i, 'out-of-resources'],
]
const byStatus = new Map<number, SpawnerErrorCode>([
  [400, 'invalid-spec'],
  [401, 'not-permitted'],
  [403, 'not-permitted'],
  // Gone between two calls: look again.
  [404, 'conflict'],
  [409, 'conflict'],
  [500, 'internal'],
  [501, 'unsupported'],
  [503, 'unavailable'],
])
const bySystemCode = new Map<string, SpawnerErrorCode>([
  ['ECONNREFUSED', 'unavailable'],
  ['ECONNRESET', 'unavailable'],
  ['ENOENT', 'unavailable'],
  ['ENOTFOUND', 'unavailable'],
  ['EHOSTUNREACH', 'unavailable'],
  ['EAI_AGAIN', 'unavailable'],
  ['EPIPE', 'unavailable'],
  ['ETIMEDOUT', 'unavailable'],
  ['EACCES', 'not-permitted'],
  ['EPERM', 'not-permitted'],
])

/** The only translation of what the engine and its socket say; `what` is the sentence's beginning. */
export function toSpawnerError(error: unknown, what: string): SpawnerError {
  if (error instanceof SpawnerError) return error
  const said = error instanceof Error ? error.message.trim() : String(error)
  return new SpawnerError(codeOf(error, said), `${what}: ${said}`, { cause: error })
}

function codeOf(error: unknown, said: string): SpawnerErrorCode {
  const status = statusOf(error)
  if (status === undefined) return bySystemCode.get(systemCodeOf(error) ?? '') ?? 'internal'
  const named = byText.find(([text]) => text.test(said))
  return named?.[1] ?? byStatus.get(status) ?? 'internal'
}

/** HTTP status of an answer of the engine; undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  const answer = error instanceof SpawnerError ? error.cause : error
  if (typeof answer !== 'object' || answer === null || !('statusCode' in answer)) return undefined
  return typeof answer.statusCode === 'number' ? answer.statusCode : undefined
}

function systemCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Waits for an act whose named outcomes mean that there was nothing left to do. */
export async function tolerate(act: Promise<unknown>, isDone: (error: unknown) => boolean): Promise<void> {
  try {
    await act
  } catch (error) {
    if (!isDone(error)) throw error
  }
}

export const isGone = (error: unknown) => statusOf(error) === 404
export const saysAny = (text: RegExp) => (error: unknown) => error instanceof Error && text.test(error.message)
