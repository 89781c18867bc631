import type Dockerode from 'dockerode'
import { engineCall } from './engine-call.ts'
import { isGone, statusOf, tolerate } from './errors.ts'
import type { Log } from './log.ts'

const marginMs = 30_000

/**
 * Stops in progress. The engine's stop call returns when the last session has left, which nobody waits for; a second
 * call for the same container is harmless, so after our restart each is simply asked again.
 */
export function createStops({ docker, log }: { docker: Dockerode; log: Log }) {
  const closing = new AbortController()
  const pending = new Map<string, { endsAt: number; done: Promise<void> }>()

  async function stop(id: string, seconds: number) {
    const stopped = engineCall(
      `stop ${id}`,
      closing.signal,
      (abortSignal) => docker.getContainer(id).stop({ t: seconds, abortSignal }),
      seconds * 1000 + marginMs,
    )
    try {
      // 304: stopped already.
      await tolerate(stopped, (error) => isGone(error) || statusOf(error) === 304)
    } catch (error) {
      if (closing.signal.aborted) return
      // The next pass sees it still running and asks again.
      log.warn({ error, containerId: id }, 'stopping a container failed')
    } finally {
      pending.delete(id)
    }
  }

  return {
    /** True when this asked the engine: not already asked, or now with less patience. */
    request(id: string, seconds: number): boolean {
      const endsAt = Date.now() + seconds * 1000
      const known = pending.get(id)
      if (known && known.endsAt <= endsAt) return false
      pending.set(id, { endsAt, done: stop(id, seconds) })
      return true
    },
    isPending: (id: string) => pending.has(id),
    /** Ends the waiting, not the stopping. */
    async close() {
      closing.abort(new Error('the spawner was closed'))
      await Promise.all([...pending.values()].map(({ done }) => done))
    },
  }
}
export type Stops = ReturnType<typeof createStops>
