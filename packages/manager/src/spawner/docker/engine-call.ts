import { SpawnerError } from '../spawner.ts'
import { toSpawnerError } from './errors.ts'

const deadlineMs = 30_000

/** One call to the engine: ends with the caller's signal or after 30 s; throws SpawnerError or the signal's reason. */
export async function engineCall<T>(
  what: string,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
  limitMs = deadlineMs,
): Promise<T> {
  signal.throwIfAborted()
  const deadline = AbortSignal.timeout(limitMs)
  const either = AbortSignal.any([signal, deadline])
  try {
    // A few calls of dockerode take no signal; the race ends the wait for them too.
    return await Promise.race([call(either), rejectOn(either)])
  } catch (error) {
    signal.throwIfAborted()
    if (deadline.aborted) throw new SpawnerError('timeout', `${what}: no answer in ${limitMs} ms`, { cause: error })
    throw toSpawnerError(error, what)
  }
}

/** Opens a stream: the deadline holds for the answer's beginning, the signal for all of it. */
export async function engineStream<T>(
  what: string,
  signal: AbortSignal,
  open: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const opening = new AbortController()
  const timer = setTimeout(() => opening.abort(new SpawnerError('timeout', `${what}: no answer`)), deadlineMs)
  try {
    return await open(AbortSignal.any([signal, opening.signal]))
  } catch (error) {
    signal.throwIfAborted()
    opening.signal.throwIfAborted()
    throw toSpawnerError(error, what)
  } finally {
    clearTimeout(timer)
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
