import { setTimeout as sleep } from 'node:timers/promises'
import type Dockerode from 'dockerode'
import { SpawnerError, type WatchHint } from '../spawner.ts'
import { engineCall, engineStream } from './engine-call.ts'
import { toSpawnerError } from './errors.ts'
import { isProxy, labelFilter, ownedApp, readAppLabels } from './labels.ts'

const pingEveryMs = 15_000
const pingLimitMs = 10_000
const backoffMs = { first: 500, most: 15_000 }

interface WatchOptions {
  docker: Dockerode
  instance: string
}

/** Hints until aborted. Every (re)opening begins with 'resync': what happened before it was missed. */
export async function* watchEngine(options: WatchOptions, signal: AbortSignal): AsyncGenerator<WatchHint> {
  let waitMs = backoffMs.first
  while (!signal.aborted) {
    try {
      for await (const hint of watchOnce(options, signal)) {
        waitMs = backoffMs.first
        yield hint
      }
    } catch (error) {
      if (signal.aborted) return
      yield { type: 'lost', error: toSpawnerError(error, 'watch the engine') }
    }
    await sleep(waitMs, undefined, { signal }).catch(() => 'aborted: the loop ends')
    waitMs = Math.min(waitMs * 2, backoffMs.most)
  }
}

async function* watchOnce({ docker, instance }: WatchOptions, signal: AbortSignal): AsyncGenerator<WatchHint> {
  const ended = new AbortController()
  const either = AbortSignal.any([signal, ended.signal])
  const since = (await engineTime(docker, either)) - 1
  const events = await openEvents({ docker, instance, since }, either)
  const pinging = pingUntilSilent(docker, ended, either)
  try {
    yield { type: 'resync' }
    for await (const event of jsonLines(events)) {
      const hint = hintOf(event, instance)
      if (hint) yield hint
    }
    throw new SpawnerError('unavailable', 'the event stream ended')
  } catch (error) {
    // What ended the stream says more than the stream's own "aborted".
    ended.signal.throwIfAborted()
    throw error
  } finally {
    ended.abort()
    await pinging
  }
}

/** The engine's clock, in seconds: `since` is compared with its times, not with ours. */
async function engineTime(docker: Dockerode, signal: AbortSignal): Promise<number> {
  const info: unknown = await engineCall('read the engine time', signal, () => docker.info())
  const isTimed = typeof info === 'object' && info !== null && 'SystemTime' in info
  return Math.floor((isTimed ? Date.parse(String(info.SystemTime)) : Date.now()) / 1000)
}

/** Without the event filter every health check adds three exec events, and the engine replays only 256. */
function openEvents({ docker, instance, since }: WatchOptions & { since: number }, signal: AbortSignal) {
  const filters = {
    type: ['container'],
    event: ['start', 'die', 'oom', 'health_status', 'destroy', 'pause', 'unpause'],
    label: labelFilter.instance(instance),
  }
  return engineStream('open the event stream', signal, (abortSignal) =>
    docker.getEvents({ since, filters: JSON.stringify(filters), abortSignal }),
  )
}

/** A half-open socket never reports an error: without an answer to a ping the stream is given up. */
async function pingUntilSilent(docker: Dockerode, ended: AbortController, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted) {
      await sleep(pingEveryMs, undefined, { signal })
      await engineCall('ping the engine', signal, () => docker.ping(), pingLimitMs)
    }
  } catch (error) {
    if (!signal.aborted) ended.abort(error)
  }
}

async function* jsonLines(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter((line) => line.trim() !== '').map((line): unknown => JSON.parse(line))
  }
}

/** A proxy that starts may have been recreated and have lost its networks: everything is to be looked at. */
export function hintOf(event: unknown, instance: string): WatchHint | undefined {
  const { action, labels, id, at } = eventOf(event)
  if (isProxy(labels, instance)) return action === 'start' ? { type: 'resync' } : undefined
  const app = readAppLabels(labels, instance)
  if (!app) {
    const appId = ownedApp(labels, instance)
    return appId === undefined ? undefined : { type: 'changed', appId, cause: action }
  }
  const exitCode = action === 'die' && labels.exitCode !== undefined ? { exitCode: Number(labels.exitCode) } : {}
  const replica = { id, index: app.index, generation: app.generation, at, ...exitCode }
  return { type: 'changed', appId: app.appId, cause: action, replica }
}

/** The engine puts a container's labels beside its other attributes. */
function eventOf(event: unknown): { action: string; labels: Record<string, string>; id: string; at: string } {
  if (typeof event !== 'object' || event === null) return { action: '', labels: {}, id: '', at: '' }
  const action = 'Action' in event && typeof event.Action === 'string' ? event.Action : ''
  const actor = 'Actor' in event && typeof event.Actor === 'object' && event.Actor !== null ? event.Actor : {}
  const attributes = 'Attributes' in actor ? Object.entries(Object(actor.Attributes)) : []
  const id = 'ID' in actor ? String(actor.ID) : ''
  const seconds = 'timeNano' in event ? Number(event.timeNano) / 1e9 : Date.now() / 1_000
  const labels = Object.fromEntries(attributes.map(([name, value]) => [name, String(value)]))
  return { action, labels, id, at: new Date(seconds * 1_000).toISOString() }
}
