import { setTimeout as sleep } from 'node:timers/promises'

const deadlineMs = 5_000
/** Longer nobody waits for an engine that was asked before. */
const patienceMs = 250

/**
 * The offered R versions. Asked anew each time, by one call for all who ask; while the engine is slow or silent they
 * get what it said last.
 */
export function createRuntimes(read: (signal: AbortSignal) => Promise<string[]>): () => Promise<string[]> {
  let known: string[] | undefined
  let reading: Promise<string[]> | undefined

  async function readOnce() {
    try {
      known = await read(AbortSignal.timeout(deadlineMs))
      return known
    } finally {
      reading = undefined
    }
  }

  return async () => {
    reading ??= readOnce()
    const last = known
    if (!last) return reading
    const late = new AbortController()
    const fresh = reading.catch(() => last).finally(() => late.abort())
    return Promise.race([fresh, sleep(patienceMs, last, { signal: late.signal }).catch(() => fresh)])
  }
}
