import { createStore } from './store.ts'

interface Asking {
  /** True: the password was given and was right. */
  answer: (isVerified: boolean) => void
}

const store = createStore<Asking | undefined>(undefined)

/** Where a call needs the password once more: whoever waits, and the dialog that asks. */
export const passwordPrompt = {
  get: store.get,
  subscribe: store.subscribe,

  /** Calls that ask at the same time share one dialog. */
  ask(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const before = store.get()
    store.set({
      answer(isVerified) {
        store.set(undefined)
        before?.answer(isVerified)
        resolve(isVerified)
      },
    })
    return promise
  },
}
