import type { EventData, EventName } from '@rserve-proxy/contract/events.ts'
import { liveApps } from './live-apps.ts'
import { createStore } from './store.ts'

export interface FeedState {
  state: 'connecting' | 'live' | 'reconnecting'
  /** When what is shown was true for certain. */
  asOf: number
}

export type Engine = EventData<'engine'>

interface FeedHandlers {
  /** The stream is open and knows nothing of what went before: read again what is shown. */
  onGap: () => void
  /** These apps changed. */
  onApps: (appIds: ReadonlySet<string>) => void
}

const retryMs = 3_000

const feed = createStore<FeedState>({ state: 'connecting', asOf: Date.now() })
const engine = createStore<Engine>({ answers: true, unknownSince: null })

export const feedState = { get: feed.get, subscribe: feed.subscribe }
export const engineState = { get: engine.get, subscribe: engine.subscribe }

/** Follows `/api/events` until the answer is called; what it tells lands in `liveApps`, a burst at a time. */
export function followFeed({ onGap, onApps }: FeedHandlers): () => void {
  let source: EventSource
  let timer: ReturnType<typeof setTimeout> | undefined
  let isResumed = false
  let apps = new Map<string, EventData<'app'> | undefined>()

  function open() {
    source = new EventSource('/api/events')
    source.onopen = () => {
      become('live')
      // A stream that the browser resumes tells what was missed, or `resync`.
      if (!isResumed) onGap()
      isResumed = true
    }
    source.onerror = () => {
      become('reconnecting')
      if (source.readyState !== EventSource.CLOSED) return
      timer = setTimeout(open, retryMs)
      // Perhaps nobody is signed in any more: whoever asks finds out. Once: it may be refused for long.
      if (isResumed) onGap()
      isResumed = false
    }
    on(source, 'app', (app) => add(app.id, app))
    on(source, 'gone', ({ appId }) => add(appId, undefined))
    on(source, 'engine', (now) => engine.set(now))
    on(source, 'resync', onGap)
  }

  function add(appId: string, app: EventData<'app'> | undefined) {
    if (apps.size === 0) queueMicrotask(flush)
    apps.set(appId, app)
  }

  function flush() {
    const burst = apps
    apps = new Map()
    const gone = [...burst].flatMap(([id, app]) => (app ? [] : [id]))
    liveApps.told(
      [...burst.values()].flatMap((app) => app ?? []),
      gone,
    )
    onApps(new Set(burst.keys()))
  }

  open()
  return () => {
    clearTimeout(timer)
    source.close()
    become('connecting')
  }
}

function become(state: FeedState['state']) {
  const before = feed.get()
  if (before.state === state) return
  feed.set({ state, asOf: before.state === 'live' ? Date.now() : before.asOf })
}

function on<Name extends EventName>(source: EventSource, name: Name, act: (data: EventData<Name>) => void) {
  source.addEventListener(name, (event: MessageEvent<string>) => act(JSON.parse(event.data)))
}
