import { createStore } from './store.ts'

/** Counts who signs in: what one person saw is not for the next. What is kept in memory listens to it. */
export const viewer = createStore(0)

export const forgetLiveData = () => viewer.set(viewer.get() + 1)
