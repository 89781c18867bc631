import type Dockerode from 'dockerode'
import { type AppContainer, containerStates, healthOf, type ProxyContainer } from './app-container.ts'
import type { ContainerDetailsReader } from './container-details.ts'
import { engineCall } from './engine-call.ts'
import { isProxy, labelFilter, readAppLabels, routedNames } from './labels.ts'
import type { Stops } from './stops.ts'

interface ContainerListOptions {
  docker: Dockerode
  instance: string
  details: ContainerDetailsReader
  stops: Stops
}

/** Reads containers in bulk; throws when the engine cannot answer, so a result is always complete. */
export function createContainerList({ docker, instance, details, stops }: ContainerListOptions) {
  async function summaries(label: string[], signal: AbortSignal) {
    return engineCall('list containers', signal, (abortSignal) =>
      docker.listContainers({ all: true, filters: { label }, abortSignal }),
    )
  }

  async function appContainers(found: Dockerode.ContainerInfo[], signal: AbortSignal): Promise<AppContainer[]> {
    const read = await Promise.all(found.map((summary) => appContainer(summary, signal)))
    return read.filter((container) => container !== undefined)
  }

  async function appContainer(
    summary: Dockerode.ContainerInfo,
    signal: AbortSignal,
  ): Promise<AppContainer | undefined> {
    const labels = readAppLabels(summary.Labels, instance)
    const state = containerStates.find((known) => known === summary.State)
    if (!labels || !state) return undefined
    const read = await details.read(summary, signal)
    return (
      read && {
        ...labels,
        ...read,
        id: summary.Id,
        name: summary.Names[0]?.slice(1) ?? summary.Id,
        state,
        health: healthOf(state, summary.Status),
        isStopping: stops.isPending(summary.Id),
        routers: routedNames(summary.Labels, 'routers'),
        services: routedNames(summary.Labels, 'services'),
        ...networksOf(summary),
        isRouted: undefined,
        sessions: undefined,
      }
    )
  }

  const proxies = (found: Dockerode.ContainerInfo[]) =>
    found.filter(({ Labels }) => isProxy(Labels, instance)).map(proxyContainer)

  return {
    async everything(signal: AbortSignal): Promise<{ apps: AppContainer[]; proxies: ProxyContainer[] }> {
      const found = await summaries(labelFilter.instance(instance), signal)
      details.keepOnly(new Set(found.map(({ Id }) => Id)))
      return { apps: await appContainers(found, signal), proxies: proxies(found) }
    },
    async ofApp(appId: string, signal: AbortSignal): Promise<AppContainer[]> {
      return appContainers(await summaries(labelFilter.app(instance, appId), signal), signal)
    },
    async proxies(signal: AbortSignal): Promise<ProxyContainer[]> {
      return proxies(await summaries(labelFilter.proxies(instance), signal))
    },
  }
}
export type ContainerList = ReturnType<typeof createContainerList>

/** An app's container is in one network: its own. */
function networksOf({ NetworkSettings }: Dockerode.ContainerInfo) {
  const found = Object.entries(NetworkSettings.Networks)
  const address = found.map(([, { IPAddress }]) => IPAddress).find((text) => text !== '')
  return { networks: Object.fromEntries(found.map(([name, { NetworkID }]) => [name, NetworkID])), address }
}

function proxyContainer({ Id, State, NetworkSettings }: Dockerode.ContainerInfo): ProxyContainer {
  return { id: Id, isRunning: State === 'running', networks: Object.keys(NetworkSettings.Networks) }
}
