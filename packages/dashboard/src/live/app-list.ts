import type { App } from '@rserve-proxy/contract/apps.ts'
import { call } from '../api.ts'
import { liveApps } from './live-apps.ts'
import { createStore } from './store.ts'
import { viewer } from './viewer.ts'

/** As many as a screen shows, in 15 kB; the rest follows in larger pages. */
const firstPage = 12
const nextPage = 100

export type ListState = 'none' | 'loading' | 'complete' | 'broken'

const state = createStore<ListState>('none')
let underway: Promise<{ rest: Promise<void> }> | undefined

/** The apps that the caller may see, in `liveApps`: a first page soon, the others behind it. */
export const appList = {
  state: state.get,
  subscribe: state.subscribe,

  /** Answers when the first page is there; read once, then the feed keeps it. */
  async open(): Promise<void> {
    if (state.get() === 'none' || state.get() === 'broken') underway = undefined
    underway ??= load()
    await underway
  },

  /** All of it again: the feed may have missed something. */
  async reload(): Promise<void> {
    underway = load()
    await (await underway).rest
  },
}

viewer.subscribe(() => {
  underway = undefined
  state.set('none')
})

async function load() {
  const askedAt = performance.now()
  if (state.get() !== 'complete') state.set('loading')
  try {
    const first = await readPage(firstPage)
    return { rest: loadRest(first, askedAt) }
  } catch (error) {
    state.set('broken')
    throw error
  }
}

async function loadRest(first: Awaited<ReturnType<typeof readPage>>, askedAt: number) {
  const ids = new Set(first.items.map(({ id }) => id))
  try {
    for (let cursor = first.nextCursor; cursor !== null; ) {
      const page = await readPage(nextPage, cursor)
      for (const { id } of page.items) ids.add(id)
      cursor = page.nextCursor
    }
    liveApps.keepOnly(ids, askedAt)
    state.set('complete')
  } catch {
    // The list says that it is not complete, and offers to try again.
    state.set('broken')
  }
}

async function readPage(limit: number, cursor?: string): Promise<{ items: App[]; nextCursor: string | null }> {
  const askedAt = performance.now()
  const page = await call('GET /api/apps', { querystring: { sort: 'need', limit, ...(cursor && { cursor }) } })
  liveApps.answered(page.items, askedAt)
  return page
}
