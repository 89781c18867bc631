import type { App } from '@rserve-proxy/contract/apps.ts'
import { createStore } from './store.ts'
import { viewer } from './viewer.ts'

type Apps = ReadonlyMap<string, App>

const store = createStore<Apps>(new Map())
/** When the feed spoke of an app last, gone ones included. */
const toldAt = new Map<string, number>()

/** Apps as they are now: what calls answered, and what the feed has told since. */
export const liveApps = {
  all: store.get,
  subscribe: store.subscribe,

  /** The answer of a call that began at `askedAt`: what the feed told meanwhile is newer. */
  answered(apps: App[], askedAt: number) {
    const news = apps.filter(({ id }) => (toldAt.get(id) ?? Number.NEGATIVE_INFINITY) <= askedAt)
    if (news.length > 0) store.set(new Map([...store.get(), ...news.map((app) => [app.id, app] as const)]))
  },

  /** From the feed. */
  told(apps: App[], gone: string[] = []) {
    const now = performance.now()
    const next = new Map(store.get())
    for (const app of apps) next.set(app.id, app)
    for (const id of gone) next.delete(id)
    for (const id of [...apps.map(({ id }) => id), ...gone]) toldAt.set(id, now)
    store.set(next)
  },

  /** The whole list was read, and these are not in it. */
  keepOnly(ids: ReadonlySet<string>, askedAt: number) {
    const isKept = (id: string) => ids.has(id) || (toldAt.get(id) ?? Number.NEGATIVE_INFINITY) > askedAt
    store.set(new Map([...store.get()].filter(([id]) => isKept(id))))
  },
}

viewer.subscribe(() => {
  toldAt.clear()
  store.set(new Map())
})
