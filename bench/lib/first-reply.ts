import { setTimeout as sleep } from 'node:timers/promises'

/** Every poll makes the old generation fork an R: asking faster would slow down what is measured. */
const POLL_MS = 50

/** Milliseconds from `startedAt` (performance.now()) to the first 200 whose text `isNew`. Both sides are polled alike. */
export async function firstReply(url: string, startedAt: number, isNew: (text: string) => boolean): Promise<number> {
  const deadline = startedAt + 120_000
  while (performance.now() < deadline) {
    const text = await textOf(url)
    if (text !== undefined && isNew(text)) return performance.now() - startedAt
    await sleep(POLL_MS)
  }
  throw new Error(`${url} had no new reply within 2 minutes`)
}

/** Undefined while nobody listens there. */
export async function textOf(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(5_000) })
    const text = await response.text()
    return response.status === 200 ? text : undefined
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}
