import { setTimeout as sleep } from 'node:timers/promises'

export interface Visits {
  count: number
  slowestMs: number
  /** Answers other than 200, and how often. */
  failures: Record<string, number>
  /** What was answered, in the order in which it first was. */
  answers: string[]
}

/** Asks an address about 20 times a second until stopped; a slow answer does not slow the next question down. */
export function visit(url: string, waitMs = 10_000) {
  const visits: Visits = { count: 0, slowestMs: 0, failures: {}, answers: [] }
  const open = new Set<Promise<void>>()
  const stopping = new AbortController()

  async function once() {
    const began = performance.now()
    const outcome = await ask()
    visits.count += 1
    visits.slowestMs = Math.max(visits.slowestMs, Math.round(performance.now() - began))
    if ('answer' in outcome && !visits.answers.includes(outcome.answer)) visits.answers.push(outcome.answer)
    if ('failure' in outcome) visits.failures[outcome.failure] = (visits.failures[outcome.failure] ?? 0) + 1
  }

  async function ask(): Promise<{ answer: string } | { failure: string }> {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(waitMs) })
      const answer = await response.text()
      return response.status === 200 ? { answer } : { failure: String(response.status) }
    } catch (error) {
      return { failure: error instanceof Error ? String(error.cause ?? error) : String(error) }
    }
  }

  async function keepVisiting() {
    while (!stopping.signal.aborted) {
      const one = once().finally(() => open.delete(one))
      open.add(one)
      await sleep(50)
    }
    await Promise.all(open)
  }

  const done = keepVisiting()
  return {
    async stop(): Promise<Visits> {
      stopping.abort()
      await done
      return visits
    },
  }
}
