import { useEffect } from 'react'
import { useRevalidator } from 'react-router-dom'
import { appList } from '../live/app-list.ts'
import { feedState, followFeed } from '../live/live-feed.ts'

/** Pages whose data comes from several calls read again this long after the first change. */
const coalesceMs = 300
/** While the feed is down the page is read again this often; it may be that only the feed is. */
const fallbackMs = 10_000
/** A hidden tab gives its connection back: browsers have six of them for all tabs together. */
const restMs = 10_000

/** The only feed and the only timer of data: keeps what is shown true, and rests while nobody looks. */
export function useLiveFeed() {
  const { revalidate } = useRevalidator()

  useEffect(() => {
    let unfollow: (() => void) | undefined
    let isOver = false
    const timers = new Map<string, ReturnType<typeof setTimeout>>()

    function after(name: string, ms: number, act: () => void) {
      if (isOver || timers.has(name)) return
      timers.set(
        name,
        setTimeout(() => {
          timers.delete(name)
          act()
        }, ms),
      )
    }
    function forgetTimer(name: string) {
      clearTimeout(timers.get(name))
      timers.delete(name)
    }
    const refreshSoon = () => after('refresh', coalesceMs, revalidate)

    function readAgain() {
      refreshSoon()
      // What went wrong is told by the list itself.
      appList.reload().catch(() => undefined)
    }
    function follow() {
      unfollow ??= followFeed({
        onGap: readAgain,
        onApps(appIds) {
          if ([...appIds].some((appId) => window.location.pathname.includes(appId))) refreshSoon()
        },
      })
    }
    function rest() {
      unfollow?.()
      unfollow = undefined
    }
    function fallBack() {
      if (feedState.get().state !== 'live' && document.visibilityState === 'visible') readAgain()
      after('fallback', fallbackMs, fallBack)
    }
    function onVisibility() {
      forgetTimer('rest')
      if (document.visibilityState === 'visible') follow()
      else after('rest', restMs, rest)
    }

    follow()
    after('fallback', fallbackMs, fallBack)
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      isOver = true
      rest()
      for (const timer of timers.values()) clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisibility)
    }
  }, [revalidate])
}
