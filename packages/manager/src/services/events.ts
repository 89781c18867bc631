import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { type AppViewDeps, wireApps } from './app-view.ts'
import { type ChangeHub, engineSubject } from './change-hub.ts'
import { createChangeLog } from './change-log.ts'
import type { EventService, FeedEvent } from './event-service.ts'
import type { Principal } from './principal.ts'

export interface EventServiceDeps extends AppViewDeps {
  hub: ChangeHub
  /** Of this process: positions of another one mean nothing. */
  epoch: string
  limits?: { streams: number; streamsPerUser: number }
}

/** A burst of changes is one event. */
const coalesceMs = 50
const keptSubjects = 10_000

interface Change {
  /** Id of the owner, `everybody`, or `unknown`: it is gone, and nobody knows whose it was. */
  audience: string
  events: FeedEvent[]
}

export function createEventService(deps: EventServiceDeps): EventService {
  const { hub, epoch, store, observation, limits = { streams: 500, streamsPerUser: 20 } } = deps
  const log = createChangeLog(keptSubjects)
  const readers = new Map<symbol, string>()
  const owners = new Map<string, string>()
  /** Readers that keep up ask for the same changes: read and rendered once. */
  let latest: { key: string; changes: Promise<Change[]> } | undefined
  hub.onChange(log.add)

  async function* follow(
    principal: Principal,
    { from, isNew }: { from: number | undefined; isNew: boolean },
    signal: AbortSignal,
  ) {
    for (const { id, ownerId } of await store.apps.listAll()) owners.set(id, ownerId)
    let position = from
    if (position !== undefined && isNew) yield* at(position, [engineEvent()])
    for (;;) {
      const to = log.last()
      const changes = position === undefined ? undefined : await changesSince(position)
      yield* at(to, changes ? visibleTo(principal, changes) : [resync])
      position = to
      if (log.last() === to) await hub.any(signal)
      await sleep(coalesceMs, undefined, { signal })
    }
  }

  /** The last one carries the position: who has seen fewer sees all of them again. */
  function* at(position: number, events: FeedEvent[]): Generator<FeedEvent> {
    yield* events.slice(0, -1)
    for (const last of events.slice(-1)) yield { ...last, id: `${epoch}-${position}` }
  }

  /** Undefined: what happened since then is not known any more. */
  function changesSince(position: number): Promise<Change[]> | undefined {
    const subjects = log.since(position)
    if (!subjects) return undefined
    const key = `${position}-${log.last()}`
    if (latest?.key === key) return latest.changes
    const changes = render(subjects)
    latest = { key, changes }
    changes.catch(() => {
      if (latest?.key === key) latest = undefined
    })
    return changes
  }

  async function render(subjects: string[]): Promise<Change[]> {
    const appIds = subjects.filter((subject) => subject !== engineSubject)
    const changes = appIds.length > 0 ? await appChanges(appIds) : []
    if (appIds.length < subjects.length) changes.unshift({ audience: 'everybody', events: [engineEvent()] })
    return changes
  }

  async function appChanges(appIds: string[]): Promise<Change[]> {
    const rows = await store.apps.listByIds(appIds)
    for (const { id, ownerId } of rows) owners.set(id, ownerId)
    const existing = rows.filter(({ desiredState }) => desiredState !== 'deleted')
    const apps = new Map((await wireApps(deps, existing)).map((app) => [app.id, app]))
    return appIds.map((appId) => {
      const app = apps.get(appId)
      const events: FeedEvent[] = app ? [{ name: 'app', data: app }] : [{ name: 'gone', data: { appId } }]
      if (app?.deployment) events.unshift({ name: 'deployment', data: app.deployment })
      return { audience: owners.get(appId) ?? 'unknown', events }
    })
  }

  function engineEvent(): FeedEvent {
    const unknownSince = observation.unknownSince() ?? null
    return { name: 'engine', data: { answers: unknownSince === null, unknownSince } }
  }

  function admit(userId: string, signal: AbortSignal) {
    const own = [...readers.values()].filter((reader) => reader === userId).length
    if (readers.size >= limits.streams || own >= limits.streamsPerUser)
      throw new Problem('too-many-requests', { detail: 'Too many event streams are open: close some and try again.' })
    const reader = Symbol(userId)
    readers.set(reader, userId)
    signal.addEventListener('abort', () => readers.delete(reader), { once: true })
  }

  return {
    open(principal, after, signal) {
      admit(principal.userId, signal)
      // Now, not when the reader first asks: what changes in between is told.
      const start =
        after === undefined ? { from: log.last(), isNew: true } : { from: positionIn(after, epoch), isNew: false }
      return follow(principal, start, signal)
    },
  }
}

/** Undefined: not an id of this process. */
function positionIn(id: string, epoch: string): number | undefined {
  const [, number] = id.startsWith(`${epoch}-`) ? (/-(\d{1,15})$/.exec(id) ?? []) : []
  return number === undefined ? undefined : Number(number)
}

const resync: FeedEvent = { name: 'resync', data: {} }

/** Ends with a resync when something is gone that may have been theirs. */
function visibleTo({ userId, role }: Principal, changes: Change[]): FeedEvent[] {
  const audiences = role === 'admin' ? undefined : [userId, 'everybody']
  const seen = changes.filter(({ audience }) => !audiences || audiences.includes(audience))
  const mayHaveMissed = audiences && changes.some(({ audience }) => audience === 'unknown')
  return [...seen.flatMap(({ events }) => events), ...(mayHaveMissed ? [resync] : [])]
}
