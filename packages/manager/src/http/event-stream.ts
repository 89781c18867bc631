import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

export interface StreamEvent {
  id?: string
  event?: string
  /** Sent as JSON, so that no text from outside can begin an event of its own. */
  data: unknown
}

const RETRY_MS = 2000
const HEARTBEAT_MS = 15_000

export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // Proxies that buffer would hold events back.
  'x-accel-buffering': 'no',
}

/** Any text can arrive here; what no service ever sent as an id is no position. */
export const lastEventId = (header: unknown) =>
  typeof header === 'string' && /^[\w.:-]{1,200}$/.test(header) ? header : undefined

/**
 * An async iterable as server-sent events. The source is asked for the next event only when the client has taken the
 * last; `signal` (client gone, server closing) ends both.
 */
export function eventStream(events: AsyncIterable<StreamEvent>, signal: AbortSignal, heartbeatMs = HEARTBEAT_MS) {
  return textStream(frames(events, heartbeatMs), signal)
}

/** A stream that ends without an error when `signal` fires. */
export function textStream(chunks: AsyncIterable<string>, signal: AbortSignal) {
  return Readable.from(untilAborted(chunks, signal), { objectMode: true, highWaterMark: 1 })
}

async function* untilAborted(chunks: AsyncIterable<string>, signal: AbortSignal) {
  try {
    for await (const chunk of chunks) {
      if (signal.aborted) return
      yield chunk
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

async function* frames(events: AsyncIterable<StreamEvent>, heartbeatMs: number) {
  yield `retry: ${RETRY_MS}\n\n`
  const iterator = events[Symbol.asyncIterator]()
  try {
    for (let next = iterator.next(); ; ) {
      const result = await within(next, heartbeatMs)
      if (result === 'quiet') {
        yield ': still here\n\n'
        continue
      }
      if (result.done) return
      yield frame(result.value)
      next = iterator.next()
    }
  } finally {
    await iterator.return?.()
  }
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'quiet'> {
  const timer = new AbortController()
  try {
    return await Promise.race([promise, sleep(ms, 'quiet' as const, { signal: timer.signal })])
  } finally {
    timer.abort()
  }
}

function frame({ id, event, data }: StreamEvent) {
  const head = [id !== undefined && `id: ${id}\n`, event !== undefined && `event: ${event}\n`].filter(Boolean).join('')
  return `${head}data: ${JSON.stringify(data)}\n\n`
}
