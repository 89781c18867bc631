import type { PhaseTimes, WorkloadSpec } from '../spawner.ts'
import type { AppContainer, ProxyContainer } from './app-container.ts'
import type { AppNetwork, AppNetworks } from './networks.ts'
import { isSettled } from './plan-rollout.ts'

export interface Look {
  containers: AppContainer[]
  proxies: ProxyContainer[]
  networks: AppNetwork[]
}

/** As long as the pass that began with the look may take. */
const freshForMs = 5_000

/**
 * The last list of everything: it answers for the apps that need nothing, so that a pass over many idle apps costs no
 * more calls than one. Only "nothing to do" is ever taken from it; whatever is done is planned from a fresh look.
 */
export function createLastLook(now: () => number) {
  let look: Look | undefined
  let takenAt = Number.NEGATIVE_INFINITY
  const changed = new Set<string>()

  return {
    take(taken: Look) {
      look = taken
      takenAt = now()
      changed.clear()
    },
    /** Something of this app was changed after the look. */
    forget: (appId: string) => void changed.add(appId),
    hasNothingToDo(desired: WorkloadSpec, times: PhaseTimes): boolean {
      const { appId, network } = desired
      if (!look || changed.has(appId) || now() - takenAt > freshForMs) return false
      const containers = look.containers.filter((container) => container.appId === appId)
      // Replicas of a newer generation are refused by the plan, from a fresh look.
      if (containers.some(({ generation }) => generation !== desired.generation)) return false
      const own = look.networks.filter((found) => found.appId === appId)
      const current = own.find(({ name }) => name === network.name)?.id
      const others = own.flatMap(({ name }) => (name === network.name ? [] : [name]))
      const observed = { containers, network: networkFacts({ current, others }, network.name, look.proxies) }
      return isSettled({ desired, observed, times, now: now() })
    },
  }
}

export function networkFacts({ current, others }: AppNetworks, name: string, proxies: ProxyContainer[]) {
  const running = proxies.filter(({ isRunning }) => isRunning)
  const detached = running.filter(({ networks }) => !networks.includes(name))
  return { id: current, others, proxies: running.length, detachedProxies: detached.length }
}
