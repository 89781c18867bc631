import type Dockerode from 'dockerode'
import { engineCall } from './engine-call.ts'
import { isGone, statusOf, tolerate } from './errors.ts'
import type { Log } from './log.ts'

const marginMs = 30_000

/**
 * Stops and restarts in progress. The engine answers such a call when the last session has left, which nobody waits for;
 * a second call for the same container is harmless, so after our restart each is simply asked again.
 */
export function createStops({ docker, log }: { docker: Dockerode; log: Log }) {
  const closing = new AbortController()
  const pending = new Map<string, { endsAt: number; done: Promise<void> }>()

  async function call(verb: 'stop' | 'restart', id: string, seconds: number) {
    const called = engineCall(
      `${verb} ${id}`,
      closing.signal,
      (abortSignal) => docker.getContainer(id)[verb]({ t: seconds, abortSignal }),
      seconds * 1000 + marginMs,
    )
    try {
      // 304: stopped already.
      await tolerate(called, (error) => isGone(error) || statusOf(error) === 304)
    } catch (error) {
      if (closing.signal.aborted) return
      // The next pass sees it as it is and asks again.
      log.warn({ error, containerId: id }, `the ${verb} of a container failed`)
    } finally {
      pending.delete(id)
    }
  }

  /** False: asked already, with no more patience than now. */
  function request(verb: 'stop' | 'restart', id: string, seconds: number): boolean {
    const endsAt = Date.now() + seconds * 1000
    const known = pending.get(id)
    if (known && known.endsAt <= endsAt) return false
    pending.set(id, { endsAt, done: call(verb, id, seconds) })
    return true
  }

  return {
    stop: (id: string, seconds: number) => request('stop', id, seconds),
    restart: (id: string, seconds: number) => request('restart', id, seconds),
    isPending: (id: string) => pending.has(id),
    /** Ends the waiting, not the stopping. */
    async close() {
      closing.abort(new Error('the spawner was closed'))
      await Promise.all([...pending.values()].map(({ done }) => done))
    },
  }
}
export type Stops = ReturnType<typeof createStops>
