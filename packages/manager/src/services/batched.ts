import { setTimeout as sleep } from 'node:timers/promises'

/** Groups items that arrive within `maxMs` of the first, at most `maxItems`: one event for many lines. */
export async function* batched<T>(
  source: AsyncIterable<T>,
  { maxItems, maxMs }: { maxItems: number; maxMs: number },
): AsyncGenerator<T[]> {
  const iterator = source[Symbol.asyncIterator]()
  const ask = () => {
    const item = iterator.next()
    // Thrown when it is awaited: the reader may be busy with a batch until then, and nobody would handle it.
    item.catch(() => 'awaited below')
    return item
  }
  try {
    let next = ask()
    for (;;) {
      const first = await next
      if (first.done) return
      const batch = [first.value]
      const timeout = new AbortController()
      const late = sleep(maxMs, 'late' as const, { signal: timeout.signal }).catch(() => 'late' as const)
      next = ask()
      for (
        let item = await Promise.race([next, late]);
        item !== 'late' && !item.done;
        item = await Promise.race([next, late])
      ) {
        batch.push(item.value)
        next = ask()
        if (batch.length >= maxItems) break
      }
      timeout.abort()
      yield batch
    }
  } finally {
    await iterator.return?.()
  }
}
