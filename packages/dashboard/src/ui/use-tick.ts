import { useSyncExternalStore } from 'react'

/** One timer for all who show times; it runs while somebody does. */
function createTicker(everyMs: number) {
  const listeners = new Set<() => void>()
  let count = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function tick() {
    count += 1
    timer = listeners.size > 0 ? setTimeout(tick, everyMs) : undefined
    for (const listener of listeners) listener()
  }
  function subscribe(listener: () => void) {
    listeners.add(listener)
    if (timer === undefined) timer = setTimeout(tick, everyMs)
    return () => {
      listeners.delete(listener)
    }
  }
  return { subscribe, get: () => count }
}

const tickers = { calm: createTicker(15_000), second: createTicker(1_000) }

/** Renders again as time passes: each second for what runs, four times a minute for what is past. */
export function useTick(pace: keyof typeof tickers) {
  const { subscribe, get } = tickers[pace]
  useSyncExternalStore(subscribe, get)
}
