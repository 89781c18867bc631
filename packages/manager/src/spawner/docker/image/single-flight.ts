/** Of several callers with one key only one works at a time; the others wait, then look for themselves. */
export function createSingleFlight() {
  const running = new Map<string, Promise<unknown>>()

  return async function once<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    for (let other = running.get(key); other; other = running.get(key)) {
      await Promise.race([other.catch(() => 'the next one tries'), aborted(signal)])
      signal.throwIfAborted()
    }
    const mine = work()
    running.set(key, mine)
    try {
      return await mine
    } finally {
      running.delete(key)
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
