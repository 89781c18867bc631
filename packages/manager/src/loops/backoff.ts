const firstMs = 500
const longestMs = 60_000

interface Wait {
  attempt: string
  failures: number
  until: number
}

/**
 * How long an app that failed is left alone: twice as long each time, with jitter, so that many which failed together
 * do not come back together. `attempt` names what was tried; something else is due at once.
 */
export function createBackoff(now: () => number, random: () => number = Math.random) {
  const waits = new Map<string, Wait>()
  return {
    isDue(key: string, attempt: string): boolean {
      const wait = waits.get(key)
      return !wait || wait.attempt !== attempt || wait.until <= now()
    },
    failed(key: string, attempt: string) {
      const before = waits.get(key)
      const failures = before?.attempt === attempt ? before.failures + 1 : 1
      const fullMs = Math.min(firstMs * 2 ** (failures - 1), longestMs)
      waits.set(key, { attempt, failures, until: now() + fullMs * (0.5 + random() / 2) })
    },
    succeeded: (key: string) => void waits.delete(key),
    /** Until the next one is due; Infinity when none waits. */
    soonestMs: () => Math.max(0, Math.min(...[...waits.values()].map(({ until }) => until - now()))),
  }
}
