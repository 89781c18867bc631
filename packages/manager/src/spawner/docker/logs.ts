import { setTimeout as sleep } from 'node:timers/promises'
import type Dockerode from 'dockerode'
import type { LogLine, LogOptions } from '../spawner.ts'
import { engineCall, engineStream } from './engine-call.ts'
import { isGone, statusOf } from './errors.ts'
import { logFrames } from './log-frames.ts'
import { logLines } from './log-lines.ts'
import { mergeStreams } from './merge-streams.ts'

/** More would only fill memory: the driver itself keeps 30 MB. */
const maxTail = 10_000
const reopenMs = 500

export function createLogs({ docker }: { docker: Dockerode }) {
  /** Lines of these containers that exist now, oldest first. */
  async function read(ids: string[], options: LogOptions, signal: AbortSignal): Promise<LogLine[]> {
    const tail = Math.min(options.tail ?? maxTail, maxTail)
    const lines = await Promise.all(ids.map((id) => readOne(id, { tail, since: options.since }, signal)))
    return lines
      .flat()
      .toSorted(byTime)
      .slice(tail === 0 ? Number.POSITIVE_INFINITY : -tail)
  }

  async function readOne(id: string, options: { tail: number; since: string | undefined }, signal: AbortSignal) {
    try {
      const bytes = await engineCall(`read the log of ${id}`, signal, (abortSignal) =>
        docker.getContainer(id).logs({ ...engineOptions(options), follow: false, abortSignal }),
      )
      return await Array.fromAsync(linesOf(id, [bytes], options.since))
    } catch (error) {
      if (hasNoLog(error)) return []
      throw error
    }
  }

  /** Until every one of these containers is gone for good, or the signal fires: both are a quiet end. */
  async function* follow(ids: string[], options: LogOptions, signal: AbortSignal): AsyncGenerator<LogLine> {
    const ending = new AbortController()
    const either = AbortSignal.any([signal, ending.signal])
    const streams = ids.map((id) => followOne(id, options, either))
    yield* mergeStreams(streams, () => ending.abort())
  }

  async function* followOne(id: string, options: LogOptions, signal: AbortSignal): AsyncGenerator<LogLine> {
    let since = options.since
    let tail = options.tail
    try {
      do {
        for await (const line of linesOf(id, await open(id, { tail, since }, signal), since)) {
          since = line.time
          yield line
        }
        // The engine ends the stream when the container stops; after a restart there is more.
        tail = undefined
        await sleep(reopenMs, undefined, { signal })
      } while (await isAlive(id, signal))
    } catch (error) {
      if (!signal.aborted && !hasNoLog(error)) throw error
    }
  }

  function open(id: string, options: { tail: number | undefined; since: string | undefined }, signal: AbortSignal) {
    return engineStream(`follow the log of ${id}`, signal, (abortSignal) =>
      docker.getContainer(id).logs({ ...engineOptions(options), follow: true, abortSignal }),
    )
  }

  async function isAlive(id: string, signal: AbortSignal): Promise<boolean> {
    const { State } = await engineCall(`inspect ${id}`, signal, (abortSignal) =>
      docker.getContainer(id).inspect({ abortSignal }),
    )
    return State.Running || State.Restarting
  }

  return { read, follow }
}
export type Logs = ReturnType<typeof createLogs>

/** Gone, or dead and about to be: the engine refuses the log of those with 409. */
const hasNoLog = (error: unknown) => isGone(error) || statusOf(error) === 409

async function* linesOf(
  replicaId: string,
  chunks: AsyncIterable<Buffer | string> | Iterable<Buffer>,
  since: string | undefined,
): AsyncGenerator<LogLine> {
  for await (const line of logLines(logFrames(toAsync(chunks)))) {
    // The engine's `since` includes that very moment.
    if (since === undefined || line.time > since) yield { replicaId, ...line }
  }
}

async function* toAsync(chunks: AsyncIterable<Buffer | string> | Iterable<Buffer>) {
  yield* chunks
}

function engineOptions({ tail, since }: { tail: number | undefined; since: string | undefined }) {
  return {
    stdout: true,
    stderr: true,
    timestamps: true,
    ...(tail !== undefined && { tail }),
    ...(since !== undefined && { since: unixTime(since) }),
  }
}

/** The engine takes seconds with nanoseconds; a number would lose them. */
function unixTime(time: string): string {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? '0'
  return `${Math.floor(Date.parse(time) / 1000)}.${fraction}`
}

const byTime = (a: LogLine, b: LogLine) => (a.time < b.time ? -1 : Number(a.time > b.time))
