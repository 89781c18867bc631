import { createStore } from './store.ts'

const name = 'single-keys'

const store = createStore<'on' | 'off'>(localStorage.getItem(name) === 'off' ? 'off' : 'on')

/** Whether a key alone does something: a voice that is taken for keys would do things nobody asked for (WCAG 2.1.4). */
export const singleKeys = {
  get: store.get,
  subscribe: store.subscribe,
  set(next: 'on' | 'off') {
    localStorage.setItem('single-keys', next)
    store.set(next)
  },
}
