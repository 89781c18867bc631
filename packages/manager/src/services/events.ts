import { setTimeout as sleep } from 'node:timers/promises'
import type { AppRight } from '@rserve-proxy/contract/endpoint.ts'
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

type Rights = ReadonlyMap<string, AppRight>

interface Change {
  /** Undefined: of everybody. */
  appId: string | undefined
  /** By user who may see it. `unknown`: it is gone, and nobody knows whose it was. */
  rights: Rights | 'unknown'
  events: FeedEvent[]
}

export function createEventService(deps: EventServiceDeps): EventService {
  const { hub, epoch, store, observation, limits = { streams: 500, streamsPerUser: 20 } } = deps
  const log = createChangeLog(keptSubjects)
  const readers = new Map<symbol, string>()
  /** Last known, by app. */
  const rights = new Map<string, Rights>()
  /** Who could see an app before and cannot now; told that it is gone whenever it changes, for that is what it is to them. */
  const former = new Map<string, Set<string>>()
  /** Readers that keep up ask for the same changes: read and rendered once. */
  let latest: { key: string; changes: Promise<Change[]> } | undefined
  hub.onChange(log.add)

  async function* follow(
    principal: Principal,
    { from, isNew }: { from: number | undefined; isNew: boolean },
    signal: AbortSignal,
  ) {
    await learnRights((await store.apps.listAll()).map(({ id }) => id))
    let position = from
    if (position !== undefined && isNew) yield* at(position, [engineEvent()])
    for (;;) {
      const to = log.last()
      const changes = position === undefined ? undefined : await changesSince(position)
      yield* at(to, changes ? visibleTo(principal, changes, former) : [resync])
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
    if (appIds.length < subjects.length)
      changes.unshift({ appId: undefined, rights: new Map(), events: [engineEvent()] })
    return changes
  }

  async function appChanges(appIds: string[]): Promise<Change[]> {
    const rows = await store.apps.listByIds(appIds)
    await learnRights(appIds)
    const existing = rows.filter(({ desiredState }) => desiredState !== 'deleted')
    const views = existing.map((row) => ({ ...row, right: 'own' as const }))
    const apps = new Map((await wireApps(deps, views)).map((app) => [app.id, app]))
    return appIds.map((appId) => {
      const app = apps.get(appId)
      const events: FeedEvent[] = app ? [{ name: 'app', data: app }] : [{ name: 'gone', data: { appId } }]
      if (app?.deployment) events.unshift({ name: 'deployment', data: app.deployment })
      return { appId, rights: rights.get(appId) ?? ('unknown' as const), events }
    })
  }

  async function learnRights(appIds: string[]) {
    for (const [appId, now] of await store.apps.rightsIn(appIds)) {
      const lost = [...(rights.get(appId)?.keys() ?? []), ...(former.get(appId) ?? [])].filter((id) => !now.has(id))
      former.set(appId, new Set(lost))
      rights.set(appId, now)
    }
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
function visibleTo(principal: Principal, changes: Change[], former: ReadonlyMap<string, Set<string>>): FeedEvent[] {
  const seen = changes.flatMap((change) => eventsFor(principal, change, former))
  const mayHaveMissed = principal.role !== 'admin' && changes.some(({ rights }) => rights === 'unknown')
  return mayHaveMissed ? [...seen, resync] : seen
}

function eventsFor(
  { userId, role, appIds }: Principal,
  { appId, rights, events }: Change,
  former: ReadonlyMap<string, Set<string>>,
): FeedEvent[] {
  if (appId === undefined) return events
  if (appIds && !appIds.includes(appId)) return []
  if (role === 'admin') return events
  const right = rights === 'unknown' ? undefined : rights.get(userId)
  if (right) return events.map((event) => (event.name === 'app' ? { ...event, data: { ...event.data, right } } : event))
  return former.get(appId)?.has(userId) ? [{ name: 'gone', data: { appId } }] : []
}
