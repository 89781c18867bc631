import type { Replica } from '../spawner.ts'
import type { AppLabels } from './labels.ts'

export const containerStates = ['created', 'running', 'restarting', 'paused', 'exited', 'removing', 'dead'] as const
export type ContainerState = (typeof containerStates)[number]

/** One container of an app, as the engine shows it. */
export interface AppContainer extends AppLabels {
  id: string
  name: string
  state: ContainerState
  health: Replica['health']
  restarts: number
  startedAt: string | undefined
  /** Restarted by the engine after a crash: it has been live. */
  isPromoted: boolean
  /** We have asked the engine to stop it. */
  isStopping: boolean
  stopTimeoutSeconds: number
  /** Told to refuse new visitors: its own health check says so. */
  isDraining: boolean
  /** Routers and services of the proxy that its labels declare. */
  routers: string[]
  services: string[]
  /** Ids of its networks, by name. */
  networks: Record<string, string>
  /** On its app's network; undefined while it does not run. */
  address: string | undefined
  /** The proxy sends it requests; undefined when the proxy was not asked, or did not answer. */
  isRouted: boolean | undefined
  /** Open sessions; undefined when nobody asked, or the engine could not tell. */
  sessions: number | undefined
  exit: { code: number; outOfMemory: boolean; reason: string | undefined } | undefined
}

export interface ProxyContainer {
  id: string
  isRunning: boolean
  networks: string[]
}

/** From the list's words: "unhealthy" contains "healthy", so the whole word counts. */
export function healthOf(state: ContainerState, status: string): Replica['health'] {
  if (state === 'created') return 'starting'
  if (state === 'paused') return 'unhealthy'
  if (state !== 'running') return 'exited'
  const word = /\((healthy|unhealthy|health: starting)\)/.exec(status)?.[1]
  return word === 'healthy' || word === 'unhealthy' ? word : 'starting'
}
