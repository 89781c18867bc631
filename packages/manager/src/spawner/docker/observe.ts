import type { ObservedWorkload, Phase, Replica } from '../spawner.ts'
import type { AppContainer, ProxyContainer } from './app-container.ts'
import type { ProxyRoutes } from './traefik-api.ts'

export interface AppFacts {
  appId: string
  /** With `isRouted` as far as the proxy told. */
  containers: AppContainer[]
  network: string | undefined
  /** Last output of replicas that have ended, by container id. */
  lastLines: Map<string, string[]>
}

/** Pure: what the engine and the proxy show of one app. */
export function observeApp({ appId, containers, network, lastLines }: AppFacts): ObservedWorkload {
  const routed = containers.filter(isServing)
  const generation = Math.max(0, ...routed.map((container) => container.generation))
  const replicas = containers.toSorted(byGenerationAndIndex).map((container) => replicaOf(container, lastLines))
  return { appId, phase: phaseOf(containers, network), generation, replicas }
}

/**
 * Asks the proxy's own account of its routes, for containers on a network that it shares. Undefined routes: its API did
 * not answer.
 */
export function markRouted(
  containers: AppContainer[],
  proxies: ProxyContainer[],
  routes: ProxyRoutes | undefined,
): AppContainer[] {
  const shared = new Set(proxies.filter(({ isRunning }) => isRunning).flatMap(({ networks }) => networks))
  return containers.map((container) => {
    const isReachable = Object.keys(container.networks).some((name) => shared.has(name))
    return { ...container, isRouted: isReachable ? routes && isRouted(container, routes) : false }
  })
}

function isRouted({ routers, services, address }: AppContainer, routes: ProxyRoutes): boolean {
  const isServer = (service: string) => address !== undefined && routes.addresses.get(service)?.has(address) === true
  return routers.length > 0 && routers.every((router) => routes.routers.has(router)) && services.every(isServer)
}

/**
 * While the proxy's API is silent, only what was live before counts, by the engine's health: the proxy follows the same
 * health, and a blip of the API makes nothing unknown; but a new generation is never taken for routed without its word.
 */
const isServing = ({ health, isRouted, isPromoted }: AppContainer) => health === 'healthy' && (isRouted ?? isPromoted)

function phaseOf(containers: AppContainer[], network: string | undefined): Phase {
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
  const { id, index, generation, release, specHash, health, restarts, startedAt, exit, isDraining } = container
  const facts = { id, index, generation, release, specHash, health, restarts, isDraining }
  const base = { ...facts, isRouted: isServing(container), ...(startedAt && { startedAt }) }
  if (!exit) return base
  const { code, outOfMemory, reason } = exit
  return { ...base, exit: { code, outOfMemory, ...(reason && { reason }), lastLines: lastLines.get(id) ?? [] } }
}

const byGenerationAndIndex = (a: AppContainer, b: AppContainer) => a.generation - b.generation || a.index - b.index
