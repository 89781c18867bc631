import { createStore } from './store.ts'

/** What the palette shows: everything, apps alone, or nothing. */
export type PaletteState = 'closed' | 'everything' | 'apps'

export const paletteState = createStore<PaletteState>('closed')
