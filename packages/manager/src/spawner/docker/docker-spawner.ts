import type Dockerode from 'dockerode'
import {
  type AppId,
  type Applied,
  type ObservedWorkload,
  type PhaseTimes,
  type Spawner,
  SpawnerError,
  type WorkloadSpec,
} from '../spawner.ts'
import type { AppContainer } from './app-container.ts'
import { createContainerDetails } from './container-details.ts'
import { createContainerList } from './container-list.ts'
import { createDrainMarks } from './drain-marks.ts'
import { isSocketStale } from './engine-socket.ts'
import { createExecutor, type RouteLabels } from './execute.ts'
import { readHeadroom, readMemoryUse } from './headroom.ts'
import { createLastLook, networkFacts } from './last-look.ts'
import type { Log } from './log.ts'
import { createLogs } from './logs.ts'
import { createNetworks } from './networks.ts'
import { type AppFacts, markRouted, observeApp } from './observe.ts'
import { drainsOf, isRunning } from './plan-retirement.ts'
import { appliedFrom, planRollout, type RolloutAction } from './plan-rollout.ts'
import { runPreflight } from './preflight.ts'
import { createProxyReminder } from './proxy-reminder.ts'
import { refuseInvalid } from './refuse-invalid.ts'
import { createSessionReader, idPrefix } from './sessions.ts'
import { createStops } from './stops.ts'
import { templateFindings } from './template-audit.ts'
import { createTraefikApi, type ProxyRoutes, type TraefikAccess } from './traefik-api.ts'
import { watchEngine } from './watch.ts'

export interface DockerSpawnerOptions {
  docker: Dockerode
  /** Only objects with this label exist for us. */
  instance: string
  traefik: TraefikAccess
  routeLabels: RouteLabels
  /** A folder on the disk whose space counts. */
  dataDir: string
  log: Log
  now?: () => number
  /** Called after an act on the engine, with its phase of the rollout. */
  at?: (phase: 'create' | 'start' | 'retire') => Promise<void>
}

const lastLineCount = 200
const phases: Partial<Record<RolloutAction['type'], 'create' | 'start' | 'retire'>> = {
  create: 'create',
  start: 'start',
  stop: 'retire',
}
/** A generation that never was live has no sessions worth a drain. */
const discardSeconds = 2

/** One host, blue/green by generation: containers carry the state, this object only remembers stops in progress. */
export function createDockerSpawner(options: DockerSpawnerOptions): Spawner {
  const { docker, instance, log, now = Date.now, at = async () => undefined } = options
  const traefik = createTraefikApi(options.traefik)
  const details = createContainerDetails({ docker, now })
  const stops = createStops({ docker, log })
  const drainMarks = createDrainMarks({ docker, now })
  const sessions = createSessionReader({ docker })
  const lastLook = createLastLook(now)
  const containers = createContainerList({ docker, instance, details, stops })
  const networks = createNetworks({ docker, instance })
  const reminder = createProxyReminder({ docker, instance, now, log })
  const { routeLabels } = options
  const executor = createExecutor({ docker, instance, routeLabels, networks, details, stops, drainMarks })
  const logs = createLogs({ docker })

  async function applyWorkload(spec: WorkloadSpec, times: PhaseTimes, signal: AbortSignal): Promise<Applied> {
    refuseInvalid(spec)
    if (lastLook.hasNothingToDo(spec, times)) return { changed: false, settled: true, draining: [], restarted: [] }
    const { proxies, observed } = await readRollout(spec, times, signal)
    const situation = { desired: spec, observed, times, now: now() }
    const actions = planRollout(situation)
    if (actions.length > 0) lastLook.forget(spec.appId)
    for (const action of actions) {
      await executor.run(action, spec, proxies, signal)
      const phase = phases[action.type]
      if (phase) await at(phase)
    }
    return appliedFrom(situation, actions)
  }

  async function readRollout(spec: WorkloadSpec, times: PhaseTimes, signal: AbortSignal) {
    const [found, proxies, network] = await Promise.all([
      containers.ofApp(spec.appId, signal),
      containers.proxies(signal),
      networks.read(spec, signal),
    ])
    const facts = networkFacts(network, spec.network.name, proxies)
    const leaving = drainsOf({ desired: spec, observed: { containers: found, network: facts }, times })
    const routes = leaving.some(({ container }) => container.health !== 'healthy')
      ? await routesOrUnknown(signal)
      : undefined
    const counted = await countSessions(found, new Set(leaving.map(({ container }) => container.id)), signal)
    return { proxies, observed: { containers: markRouted(counted, proxies, routes), network: facts } }
  }

  function countSessions(found: AppContainer[], leaving: Set<string>, signal: AbortSignal): Promise<AppContainer[]> {
    return Promise.all(
      found.map(async (container) =>
        leaving.has(container.id) && isRunning(container)
          ? { ...container, sessions: await sessions.count(container.id, signal) }
          : container,
      ),
    )
  }

  async function discard(appId: AppId, generation: number, signal: AbortSignal) {
    const found = await containers.ofApp(appId, signal)
    const doomed = found.filter((container) => container.generation === generation)
    await Promise.all(doomed.map((container) => executor.kill(container, discardSeconds, signal)))
  }

  async function remove(appId: AppId, { graceMs }: { graceMs: number }, signal: AbortSignal): Promise<boolean> {
    const found = await containers.ofApp(appId, signal)
    const running = found.filter(isRunning)
    for (const container of running) executor.stop(container, Math.ceil(graceMs / 1000))
    const ended = found.filter((container) => !running.includes(container))
    await Promise.all(ended.map((container) => executor.remove(container, signal)))
    if (running.length > 0) return false
    await removeNetworks(appId, signal)
    return true
  }

  async function removeNetworks(appId: AppId, signal: AbortSignal) {
    const proxies = await containers.proxies(signal)
    for (const network of await networks.ofApp(appId, signal)) await networks.remove(network, proxies, signal)
  }

  async function list(signal: AbortSignal): Promise<ObservedWorkload[]> {
    const [everything, appNetworks, routes] = await Promise.all([
      containers.everything(signal),
      networks.ofAllApps(signal),
      routesOrUnknown(signal),
    ])
    const marked = markRouted(everything.apps, everything.proxies, routes)
    await reminder.look(marked, everything.proxies, signal)
    lastLook.take({ containers: marked, proxies: everything.proxies, networks: appNetworks })
    const byApp = Map.groupBy(marked, (container) => container.appId)
    const networkOf = new Map(appNetworks.map(({ appId, name }) => [appId, name]))
    const appIds = [...new Set([...byApp.keys(), ...networkOf.keys()])]
    return Promise.all(
      appIds.map((appId) =>
        observed({ appId, containers: byApp.get(appId) ?? [], network: networkOf.get(appId) }, signal),
      ),
    )
  }

  async function observe(appId: AppId, signal: AbortSignal): Promise<ObservedWorkload> {
    const [found, proxies, [network], routes] = await Promise.all([
      containers.ofApp(appId, signal),
      containers.proxies(signal),
      networks.ofApp(appId, signal),
      routesOrUnknown(signal),
    ])
    return observed({ appId, containers: markRouted(found, proxies, routes), network }, signal)
  }

  /** The proxy's API is not the engine: while it is silent apps stay known, see observe.ts. */
  async function routesOrUnknown(signal: AbortSignal): Promise<ProxyRoutes | undefined> {
    try {
      return await traefik.routes(signal)
    } catch (error) {
      signal.throwIfAborted()
      log.warn({ error }, 'the proxy did not say what it routes')
      return undefined
    }
  }

  async function observed(app: Omit<AppFacts, 'lastLines'>, signal: AbortSignal) {
    const ended = app.containers.filter((container) => container.exit)
    const lines = await Promise.all(ended.map(async ({ id }) => [id, await lastLines(id, signal)] as const))
    return observeApp({ ...app, lastLines: new Map(lines) })
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
    headroom: () => readHeadroom(options.dataDir),
    async memoryUse(appId, signal) {
      const running = (await containers.ofApp(appId, signal)).filter(isRunning)
      const used = await Promise.all(running.map(({ id }) => readMemoryUse(docker, id, signal)))
      return used.filter((bytes) => bytes !== undefined)
    },
    async sessions(appId, signal) {
      const running = (await containers.ofApp(appId, signal)).filter(isRunning)
      const found = await Promise.all(running.map((container) => sessions.list(container, signal)))
      return found.flat().toSorted((a, b) => b.ageSeconds - a.ageSeconds)
    },
    async endSession(appId, sessionId, signal) {
      const running = (await containers.ofApp(appId, signal)).filter(isRunning)
      const container = running.find(({ id }) => sessionId.startsWith(idPrefix(id)))
      return container ? sessions.end(container, sessionId, signal) : false
    },
    isCutOff: () => isSocketStale(),
    async audit(signal) {
      const { apps } = await containers.everything(signal)
      const found = await Promise.all(
        apps.map(async ({ id, appId }) => {
          const inspected = await details.inspect(id, signal)
          const texts = inspected ? templateFindings(inspected, appId) : []
          return texts.map((text) => ({ appId, replicaId: id, text }))
        }),
      )
      return found.flat()
    },
    watch: (signal) => watchEngine({ docker, instance }, signal),
    async *logs(appId, request, signal) {
      const found = await containers.ofApp(appId, signal)
      const ids = found.map(({ id }) => id).filter((id) => (request.replicaId ?? id) === id)
      yield* request.follow ? logs.follow(ids, request, signal) : await logs.read(ids, request, signal)
    },
    [Symbol.asyncDispose]: () => stops.close(),
  }
}
