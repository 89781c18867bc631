import type Dockerode from 'dockerode'
import { networkName } from '../network-name.ts'
import { SpawnerError, type WorkloadSpec } from '../spawner.ts'
import type { ProxyContainer } from './app-container.ts'
import { engineCall } from './engine-call.ts'
import { isGone, saysAny, tolerate } from './errors.ts'
import { labelFilter, ownedApp, ownership } from './labels.ts'

export interface AppNetwork {
  appId: string
  name: string
  id: string
}

export interface AppNetworks {
  /** Id of the one that is asked for; undefined: there is none. */
  current: string | undefined
  /** Names of those that the app had with other egress. */
  others: string[]
}

/** App networks: one bridge per app with its replicas and the proxy, nothing else. */
export function createNetworks({ docker, instance }: { docker: Dockerode; instance: string }) {
  const list = (filters: Record<string, string[]>, signal: AbortSignal) =>
    engineCall('list networks', signal, (abortSignal) =>
      docker.listNetworks({ filters: JSON.stringify(filters), abortSignal }),
    )

  /**
   * The network that is asked for, and those that the app had before. One of this name that is not ours, or lets out
   * what it must not, is an error.
   */
  async function read({ appId, network }: WorkloadSpec, signal: AbortSignal): Promise<AppNetworks> {
    // The engine's name filter finds parts of names: with one question those of every egress.
    const named = await list({ name: [networkName(appId, 'internet')] }, signal)
    const others = named.filter(
      ({ Name, Labels }) => Name !== network.name && ownedApp(Labels ?? {}, instance) === appId,
    )
    const current = named.find(({ Name }) => Name === network.name)
    if (current) refuseOther(current, { appId, network })
    return { current: current?.Id, others: others.map(({ Name }) => Name) }
  }

  function refuseOther(
    found: Dockerode.NetworkInspectInfo,
    { appId, network }: Pick<WorkloadSpec, 'appId' | 'network'>,
  ) {
    if (ownedApp(found.Labels ?? {}, instance) !== appId) {
      throw new SpawnerError('name-taken', `network ${network.name} exists and belongs to somebody else`)
    }
    if (found.Internal !== (network.egress === 'none')) {
      throw new SpawnerError('unsupported', `network ${network.name} exists with other egress: stop the app first`)
    }
  }

  async function create({ appId, network }: WorkloadSpec, signal: AbortSignal) {
    await engineCall(`create network ${network.name}`, signal, (abortSignal) =>
      docker.createNetwork({
        Name: network.name,
        Driver: 'bridge',
        Internal: network.egress === 'none',
        EnableIPv6: false,
        // The default pools end near thirty networks.
        IPAM: { Driver: 'default', Config: [{ Subnet: network.subnet }] },
        Labels: ownership(instance, appId),
        abortSignal,
      }),
    )
  }

  async function attach(proxy: ProxyContainer, network: string, signal: AbortSignal) {
    const connect = engineCall(`connect the proxy to ${network}`, signal, (abortSignal) => {
      const options = { Container: proxy.id, abortSignal }
      return docker.getNetwork(network).connect(options)
    })
    await tolerate(connect, saysAny(/already exists in network/i))
  }

  async function detach(proxy: ProxyContainer, network: string, signal: AbortSignal) {
    const disconnect = engineCall(`disconnect the proxy from ${network}`, signal, (abortSignal) =>
      docker.getNetwork(network).disconnect({ Container: proxy.id, Force: true, abortSignal }),
    )
    await tolerate(disconnect, (error) => isGone(error) || saysAny(/is not connected/i)(error))
  }

  return {
    read,
    create,
    attach,
    /** Names of this app's networks; the proxy's leg in them is the last thing to go. */
    async ofApp(appId: string, signal: AbortSignal) {
      const found = await list({ label: labelFilter.app(instance, appId) }, signal)
      return found.filter(({ Labels }) => ownedApp(Labels ?? {}, instance) === appId).map(({ Name }) => Name)
    },
    async ofAllApps(signal: AbortSignal): Promise<AppNetwork[]> {
      const found = await list({ label: labelFilter.instance(instance) }, signal)
      return found.flatMap(({ Labels, Name, Id }) => {
        const appId = ownedApp(Labels ?? {}, instance)
        return appId === undefined ? [] : [{ appId, name: Name, id: Id }]
      })
    },
    /** Without its proxies first it cannot go. */
    async remove(network: string, proxies: ProxyContainer[], signal: AbortSignal) {
      await Promise.all(proxies.map((proxy) => detach(proxy, network, signal)))
      const remove = engineCall(`remove network ${network}`, signal, (abortSignal) =>
        docker.getNetwork(network).remove({ abortSignal }),
      )
      await tolerate(remove, isGone)
    },
  }
}
export type Networks = ReturnType<typeof createNetworks>
