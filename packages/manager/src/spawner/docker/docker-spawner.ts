import type Dockerode from 'dockerode'
import {
  type AppId,
  type ObservedWorkload,
  type PhaseTimes,
  type Spawner,
  SpawnerError,
  type WorkloadSpec,
} from '../spawner.ts'
import type { AppContainer } from './app-container.ts'
import { createContainerDetails } from './container-details.ts'
import { createContainerList } from './container-list.ts'
import { createExecutor, type RouteLabels } from './execute.ts'
import type { Log } from './log.ts'
import { createLogs } from './logs.ts'
import { createNetworks } from './networks.ts'
import { observeApp, type ProxyFacts } from './observe.ts'
import { isSettled, planRollout } from './plan-rollout.ts'
import { runPreflight } from './preflight.ts'
import { refuseInvalid } from './refuse-invalid.ts'
import { createStops } from './stops.ts'
import { createTraefikApi, type TraefikAccess } from './traefik-api.ts'
import { watchEngine } from './watch.ts'

export interface DockerSpawnerOptions {
  docker: Dockerode
  /** Only objects with this label exist for us. */
  instance: string
  traefik: TraefikAccess
  routeLabels: RouteLabels
  log: Log
  now?: () => number
}

const lastLineCount = 200
/** A generation that never was live has no sessions worth a drain. */
const discardSeconds = 2

/** One host, blue/green by generation: containers carry the state, this object only remembers stops in progress. */
export function createDockerSpawner(options: DockerSpawnerOptions): Spawner {
  const { docker, instance, log, now = Date.now } = options
  const traefik = createTraefikApi(options.traefik)
  const details = createContainerDetails({ docker, now })
  const stops = createStops({ docker, log })
  const containers = createContainerList({ docker, instance, details, stops })
  const networks = createNetworks({ docker, instance })
  const executor = createExecutor({ docker, instance, routeLabels: options.routeLabels, networks, details, stops })
  const logs = createLogs({ docker })

  async function readRollout(spec: WorkloadSpec, signal: AbortSignal) {
    const [found, proxies, network] = await Promise.all([
      containers.ofApp(spec.appId, signal),
      containers.proxies(signal),
      networks.find(spec, signal),
    ])
    const running = proxies.filter((proxy) => proxy.isRunning)
    const detached = running.filter((proxy) => !proxy.networks.includes(spec.network.name))
    const facts = { exists: network !== undefined, proxies: running.length, detachedProxies: detached.length }
    return { proxies, observed: { containers: found, network: facts } }
  }

  async function applyWorkload(spec: WorkloadSpec, times: PhaseTimes, signal: AbortSignal) {
    refuseInvalid(spec)
    const { proxies, observed } = await readRollout(spec, signal)
    const actions = planRollout(spec, observed, times)
    for (const action of actions) await executor.run(action, spec, proxies, signal)
    return { changed: actions.length > 0, settled: isSettled(spec, observed, times) }
  }

  async function discard(appId: AppId, generation: number, signal: AbortSignal) {
    const found = await containers.ofApp(appId, signal)
    const doomed = found.filter((container) => container.generation === generation)
    await Promise.all(doomed.map((container) => executor.kill(container, discardSeconds, signal)))
  }

  async function remove(appId: AppId, { graceMs }: { graceMs: number }, signal: AbortSignal): Promise<boolean> {
    const found = await containers.ofApp(appId, signal)
    const running = found.filter(({ state }) => ['running', 'restarting', 'paused'].includes(state))
    for (const container of running) executor.stop(container, Math.ceil(graceMs / 1000))
    const ended = found.filter((container) => !running.includes(container))
    await Promise.all(ended.map((container) => executor.remove(container, signal)))
    if (running.length > 0) return false
    await removeNetworks(appId, signal)
    return true
  }

  async function removeNetworks(appId: AppId, signal: AbortSignal) {
    const proxies = await containers.proxies(signal)
    for (const network of await networks.ofApp(appId, signal)) {
      await Promise.all(proxies.map((proxy) => networks.detach(proxy, network, signal)))
      await networks.remove(network, signal)
    }
  }

  async function list(signal: AbortSignal): Promise<ObservedWorkload[]> {
    const [{ apps, proxies }, networkOf, enabledRouters] = await Promise.all([
      containers.everything(signal),
      networks.byApp(signal),
      routersOrUnknown(signal),
    ])
    const byApp = Map.groupBy(apps, (container) => container.appId)
    const appIds = [...new Set([...byApp.keys(), ...networkOf.keys()])]
    return Promise.all(
      appIds.map((appId) =>
        observed(
          { appId, containers: byApp.get(appId) ?? [], network: networkOf.get(appId) },
          { proxies, enabledRouters },
          signal,
        ),
      ),
    )
  }

  async function observe(appId: AppId, signal: AbortSignal): Promise<ObservedWorkload> {
    const [found, proxies, [network], enabledRouters] = await Promise.all([
      containers.ofApp(appId, signal),
      containers.proxies(signal),
      networks.ofApp(appId, signal),
      routersOrUnknown(signal),
    ])
    return observed({ appId, containers: found, network }, { proxies, enabledRouters }, signal)
  }

  /** The proxy's API is not the engine: while it is silent apps stay known, see observe.ts. */
  async function routersOrUnknown(signal: AbortSignal): Promise<Set<string> | undefined> {
    try {
      return await traefik.enabledRouters(signal)
    } catch (error) {
      signal.throwIfAborted()
      log.warn({ error }, 'the proxy did not say what it routes')
      return undefined
    }
  }

  async function observed(
    app: { appId: AppId; containers: AppContainer[]; network: string | undefined },
    facts: ProxyFacts,
    signal: AbortSignal,
  ) {
    const ended = app.containers.filter((container) => container.exit)
    const lines = await Promise.all(ended.map(async ({ id }) => [id, await lastLines(id, signal)] as const))
    return observeApp({ ...app, lastLines: new Map(lines) }, facts)
  }

  async function lastLines(id: string, signal: AbortSignal) {
    try {
      const lines = await logs.read([id], { tail: lastLineCount, follow: false }, signal)
      return lines.map(({ text }) => text)
    } catch (error) {
      if (!(error instanceof SpawnerError) || error.isRetryable) throw error
      // One log that can never be read must not make every app unknown.
      log.warn({ error, containerId: id }, 'the log of an ended container cannot be read')
      return []
    }
  }

  return {
    capabilities: { backend: 'docker', nativeRollout: false, routesMutableInPlace: false, watch: 'push' },
    preflight: (signal) => runPreflight({ docker, containers, traefik }, signal),
    applyWorkload,
    discard,
    remove,
    list,
    observe,
    watch: (signal) => watchEngine({ docker, instance }, signal),
    async *logs(appId, request, signal) {
      const found = await containers.ofApp(appId, signal)
      const ids = found.map(({ id }) => id).filter((id) => (request.replicaId ?? id) === id)
      yield* request.follow ? logs.follow(ids, request, signal) : await logs.read(ids, request, signal)
    },
    [Symbol.asyncDispose]: () => stops.close(),
  }
}
