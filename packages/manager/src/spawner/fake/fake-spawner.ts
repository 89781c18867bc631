import { observeApp } from '../docker/observe.ts'
import { appliedFrom, type ObservedRollout, planRollout, type RolloutAction } from '../docker/plan-rollout.ts'
import { refuseInvalid } from '../docker/refuse-invalid.ts'
import type {
  AppId,
  Applied,
  LogLine,
  LogOptions,
  ObservedWorkload,
  PhaseTimes,
  Spawner,
  WatchHint,
  WorkloadSpec,
} from '../spawner.ts'
import type { FakeContainer } from './fake-container.ts'
import type { FakeEngine } from './fake-engine.ts'

interface FakeSpawnerOptions {
  engine: FakeEngine
  instance: string
}

const lastLineCount = 200

/** Same plan and same picture as on Docker; only the engine is in memory. */
export function createFakeSpawner({ engine, instance }: FakeSpawnerOptions): Spawner {
  const containersOf = (appId: AppId) => engine.containersOf(instance).filter((found) => found.appId === appId)
  const networksOf = (appId: AppId) => engine.networksOf(instance).filter((network) => network.appId === appId)

  function readRollout(spec: WorkloadSpec): ObservedRollout {
    const names = networksOf(spec.appId).map(({ name }) => name)
    const id = names.find((name) => name === spec.network.name)
    const network = { id, others: names.filter((name) => name !== id), proxies: 1, detachedProxies: 0 }
    return { containers: containersOf(spec.appId).map(routed), network }
  }

  async function applyWorkload(spec: WorkloadSpec, times: PhaseTimes, signal: AbortSignal): Promise<Applied> {
    engine.touch(signal)
    refuseInvalid(spec)
    const situation = { desired: spec, observed: readRollout(spec), times, now: engine.now() }
    const actions = planRollout(situation)
    for (const action of actions) run(action, spec)
    return appliedFrom(situation, actions)
  }

  function run(action: RolloutAction, spec: WorkloadSpec) {
    if (action.type === 'ensure-network') engine.addNetwork({ appId: spec.appId, instance, ...spec.network })
    if (action.type === 'remove-network')
      for (const network of networksOf(spec.appId)) if (network.name === action.name) engine.removeNetwork(network)
    if (action.type === 'create') engine.create(spec, action.index, instance)
    for (const container of containersOf(spec.appId).filter((found) => isMeant(action, found))) {
      if (action.type === 'start' || action.type === 'restart') engine.start(container)
      if (action.type === 'unpause') container.state = 'running'
      if (action.type === 'promote') container.isPromoted = true
      if (action.type === 'demote') container.isPromoted = false
      if (action.type === 'drain') engine.setDraining(container, true)
      if (action.type === 'undrain') engine.setDraining(container, false)
      if (action.type === 'stop') engine.stop(container, container.stopTimeoutSeconds * 1000)
      if (action.type === 'remove') engine.remove(container)
    }
  }

  async function remove(appId: AppId, { graceMs }: { graceMs: number }, signal: AbortSignal): Promise<boolean> {
    engine.touch(signal)
    const running = containersOf(appId).filter(isRunning)
    for (const container of running) engine.stop(container, graceMs)
    for (const container of containersOf(appId).filter((found) => !isRunning(found))) engine.remove(container)
    if (running.length === 0) for (const network of networksOf(appId)) engine.removeNetwork(network)
    return running.length === 0
  }

  function observed(appId: AppId): ObservedWorkload {
    const containers = containersOf(appId).map(routed)
    const [network] = networksOf(appId).map(({ name }) => name)
    const ended = containers.filter((container) => container.exit)
    const lastLines = new Map(ended.map(({ id }) => [id, textsOf(engine.logOf(id)).slice(-lastLineCount)]))
    return observeApp({ appId, containers, network, lastLines })
  }

  async function* watch(signal: AbortSignal): AsyncGenerator<WatchHint> {
    const hints = engine.hints(signal)
    yield { type: 'resync' }
    for await (const found of untilAborted(hints, signal)) if (found.instance === instance) yield found.hint
  }

  async function* logs(appId: AppId, options: LogOptions, signal: AbortSignal): AsyncGenerator<LogLine> {
    engine.touch(signal)
    const ids = containersOf(appId).map(({ id }) => id)
    const chosen = ids.filter((id) => (options.replicaId ?? id) === id)
    const first = linesOf(chosen, options.since).slice(-(options.tail ?? Number.POSITIVE_INFINITY))
    if (options.follow) yield* follow(chosen, first, signal)
    else yield* first
  }

  async function* follow(ids: string[], first: LogLine[], signal: AbortSignal): AsyncGenerator<LogLine> {
    // Subscribed before the first line is handed out: what is written meanwhile waits in the stream.
    const changes = untilAborted(engine.logChanges(signal), signal)
    yield* first
    let last = first.at(-1)?.time
    const exists = () => ids.some((id) => engine.logOf(id) !== undefined)
    while (exists() && !(await changes.next()).done) {
      const fresh = linesOf(ids, last)
      yield* fresh
      last = fresh.at(-1)?.time ?? last
    }
    await changes.return(undefined)
  }

  function linesOf(ids: string[], since = ''): LogLine[] {
    const lines = ids.flatMap((id) => engine.logOf(id) ?? [])
    return lines.filter(({ time }) => time > since).toSorted((a, b) => (a.time < b.time ? -1 : 1))
  }

  return {
    capabilities: { backend: 'fake', nativeRollout: false, routesMutableInPlace: false, watch: 'push' },
    preflight: async () => ({ ok: true, engineVersion: 'fake', findings: [] }),
    applyWorkload,
    async discard(appId, generation, signal) {
      engine.touch(signal)
      for (const container of containersOf(appId).filter((found) => found.generation === generation))
        engine.remove(container)
    },
    remove,
    async list(signal) {
      engine.touch(signal)
      const apps = [...engine.containersOf(instance), ...engine.networksOf(instance)].map(({ appId }) => appId)
      return [...new Set(apps)].map(observed)
    },
    async observe(appId, signal) {
      engine.touch(signal)
      return observed(appId)
    },
    audit: async () => [],
    isCutOff: async () => false,
    headroom: async () => engine.headroom,
    async memoryUse(appId, signal) {
      engine.touch(signal)
      return containersOf(appId)
        .filter(isRunning)
        .map(({ memoryBytes }) => memoryBytes)
    },
    async sessions(appId, signal) {
      engine.touch(signal)
      return containersOf(appId).filter(isRunning).flatMap(sessionsIn)
    },
    async endSession(appId, sessionId, signal) {
      engine.touch(signal)
      const container = containersOf(appId).find((found) => sessionsIn(found).some(({ id }) => id === sessionId))
      if (container) container.sessions = (container.sessions ?? 0) - 1
      return container !== undefined
    },
    watch,
    logs,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

const isRunning = ({ state }: FakeContainer) => state === 'running' || state === 'restarting'
const routed = (container: FakeContainer) => ({ ...container, isRouted: container.health === 'healthy' })
const isMeant = (action: RolloutAction, { id, name }: FakeContainer) =>
  action.type === 'start' ? action.containers.includes(name) : 'container' in action && action.container.id === id
const sessionsIn = ({ id, index, generation, sessions = 0 }: FakeContainer) =>
  Array.from({ length: sessions }, (_, number) => ({
    ...{ id: `${id}-${number + 1}`, replicaId: id, index, generation },
    ...{ ageSeconds: 60, memoryBytes: 40 * 2 ** 20, cpuSeconds: 1 },
  }))
const textsOf = (lines: LogLine[] | undefined) => lines?.map(({ text }) => text) ?? []

/** The end by signal is a quiet one. */
async function* untilAborted<T>(batches: AsyncIterable<T[]>, signal: AbortSignal): AsyncGenerator<T, undefined> {
  try {
    for await (const batch of batches) yield* batch
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return undefined
}
