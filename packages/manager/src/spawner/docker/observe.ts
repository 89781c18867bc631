import type { ObservedWorkload, Phase, Replica } from '../spawner.ts'
import type { AppContainer, ProxyContainer } from './app-container.ts'

export interface ProxyFacts {
  proxies: ProxyContainer[]
  /** Undefined: the proxy's API did not answer. */
  enabledRouters: Set<string> | undefined
}

export interface AppFacts {
  appId: string
  containers: AppContainer[]
  network: string | undefined
  /** Last output of replicas that have ended, by container id. */
  lastLines: Map<string, string[]>
}

/** Pure: what the engine and the proxy show of one app. */
export function observeApp(app: AppFacts, facts: ProxyFacts): ObservedWorkload {
  const { appId, containers } = app
  const generation = routedGeneration(app, facts)
  const replicas = containers.toSorted(byGenerationAndIndex).map((container) => replicaOf(container, app.lastLines))
  return { appId, phase: phaseOf(app), generation, replicas }
}

/**
 * The highest generation whose routers the proxy has enabled, on a network that it shares. When its API does not
 * answer, only a generation that was live before counts, by the engine's health: the proxy follows the same health, and
 * a blip of the API makes nothing unknown; but a new generation is never taken for routed without the proxy's word.
 */
function routedGeneration({ containers, network }: AppFacts, { proxies, enabledRouters }: ProxyFacts): number {
  const isReachable = proxies.some((proxy) => proxy.isRunning && proxy.networks.includes(network ?? ''))
  if (!isReachable) return 0
  const isRouted = (container: AppContainer) =>
    enabledRouters
      ? container.routers.length > 0 && container.routers.every((router) => enabledRouters.has(router))
      : container.isPromoted
  const serving = containers.filter((container) => container.health === 'healthy' && isRouted(container))
  return Math.max(0, ...serving.map((container) => container.generation))
}

function phaseOf({ containers, network }: AppFacts): Phase {
  const newest = Math.max(0, ...containers.map((container) => container.generation))
  const front = containers.filter((container) => container.generation === newest)
  if (front.length === 0) return network === undefined ? 'absent' : 'pending'
  if (containers.every((container) => container.isStopping)) return 'draining'
  if (front.every((container) => container.state === 'created')) return 'pending'
  if (front.some((container) => container.health === 'starting')) return 'progressing'
  if (front.every((container) => container.health === 'healthy')) return 'available'
  return containers.some((container) => container.health === 'healthy') ? 'degraded' : 'failed'
}

function replicaOf(container: AppContainer, lastLines: Map<string, string[]>): Replica {
  const { id, index, generation, release, specHash, health, restarts, startedAt, exit } = container
  const base = { id, index, generation, release, specHash, health, restarts, ...(startedAt && { startedAt }) }
  if (!exit) return base
  const { code, outOfMemory, reason } = exit
  return { ...base, exit: { code, outOfMemory, ...(reason && { reason }), lastLines: lastLines.get(id) ?? [] } }
}

const byGenerationAndIndex = (a: AppContainer, b: AppContainer) => a.generation - b.generation || a.index - b.index
