import type { App } from '@rserve-proxy/contract/apps.ts'
import { useSyncExternalStore } from 'react'
import { appList } from '../live/app-list.ts'
import { liveApps } from '../live/live-apps.ts'
import { engineState, feedState } from '../live/live-feed.ts'

// What the feed keeps up to date, for components.

export const useFeedState = () => useSyncExternalStore(feedState.subscribe, feedState.get)

export const useEngine = () => useSyncExternalStore(engineState.subscribe, engineState.get)

export const useLiveApps = () => useSyncExternalStore(liveApps.subscribe, liveApps.all)

export const useAppListState = () => useSyncExternalStore(appList.subscribe, appList.state)

/** As it is now; `loaded` until something newer is known. */
export function useLiveApp(loaded: App): App {
  const find = () => liveApps.all().get(loaded.id) ?? loaded
  return useSyncExternalStore(liveApps.subscribe, find)
}
