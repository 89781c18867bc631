import { setTimeout as sleep } from 'node:timers/promises'

/** Groups items that arrive within `maxMs` of the first, at most `maxItems`: one event for many lines. */
export async function* batched<T>(
  source: AsyncIterable<T>,
  { maxItems, maxMs }: { maxItems: number; maxMs: number },
): AsyncGenerator<T[]> {
  const iterator = source[Symbol.asyncIterator]()
  try {
    let next = iterator.next()
    for (;;) {
      const first = await next
      if (first.done) return
      const batch = [first.value]
      const timeout = new AbortController()
      const late = sleep(maxMs, 'late' as const, { signal: timeout.signal }).catch(() => 'late' as const)
      next = iterator.next()
      for (
        let item = await Promise.race([next, late]);
        item !== 'late' && !item.done;
        item = await Promise.race([next, late])
      ) {
        batch.push(item.value)
        next = iterator.next()
        if (batch.length >= maxItems) break
      }
      timeout.abort()
      yield batch
    }
  } finally {
    await iterator.return?.()
  }
}
