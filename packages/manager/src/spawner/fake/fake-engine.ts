import { EventEmitter, on } from 'node:events'
import { type LogLine, SpawnerError, type WatchHint, type WorkloadSpec } from '../spawner.ts'
import { advance, begin, end, type FakeContainer, type Fault, newContainer } from './fake-container.ts'
import { createFakeImages } from './fake-images.ts'

export interface FakeEngineOptions {
  now?: () => number
  /** From start to healthy. */
  startMs?: number
  /** How long sessions stay after a stop. */
  drainMs?: number
}

export interface FakeNetwork {
  appId: string
  instance: string
  name: string
  subnet: string
}

/** What a replica prints as it starts. */
export const fakeGreeting = 'serving /app on port 6311'

type Hint = { instance: string; hint: WatchHint }

/**
 * The world of the fake spawner: containers, networks, images and their faults, in memory. Shared by everything that
 * would talk to one Docker engine; states follow from `now`, so a test moves the clock instead of waiting.
 */
export function createFakeEngine({ now = Date.now, startMs = 0, drainMs = 0 }: FakeEngineOptions = {}) {
  const containers: FakeContainer[] = []
  const networks: FakeNetwork[] = []
  const logs = new Map<string, LogLine[]>()
  const faults = new Map<string, Fault>()
  const images = createFakeImages()
  const events = new EventEmitter().setMaxListeners(0)
  let outage: SpawnerError | undefined
  let counter = 0

  function advanceAll() {
    for (const container of [...containers]) {
      for (let change = advance(container, now()); change; change = advance(container, now())) {
        if (change.cause === 'restart-due') run(container)
        else tell(container, change.cause, 'lines' in change ? change.lines : [])
        if (container.state === 'restarting') later(Math.max(0, container.restartsAt - now()))
      }
    }
  }

  function tell(container: FakeContainer, cause: string, lines: string[] = []) {
    for (const text of lines) write(container, text, 'stderr')
    const { id, index, generation, exit } = container
    const exitCode = cause === 'die' && exit ? { exitCode: exit.code } : {}
    const replica = { id, index, generation, at: new Date(now()).toISOString(), ...exitCode }
    emit(container.instance, { type: 'changed', appId: container.appId, cause, replica })
  }

  function emit(instance: string, hint: WatchHint) {
    events.emit('hint', { instance, hint } satisfies Hint)
  }

  function write({ id }: FakeContainer, text: string, stream: LogLine['stream'] = 'stdout') {
    counter += 1
    // Nine digits as the engine has them; the counter keeps lines of one millisecond in order.
    const time = new Date(now()).toISOString().replace('Z', `${String(counter % 1_000_000).padStart(6, '0')}Z`)
    logs.set(id, [...(logs.get(id) ?? []), { replicaId: id, stream, time, text }])
    events.emit('log', id)
  }

  function later(ms: number) {
    setTimeout(advanceAll, ms).unref()
  }

  function run(container: FakeContainer) {
    const fault = faults.get(container.appId) ?? images.faultOf(container.image)
    begin(container, fault, { time: now(), startMs })
    write(container, fakeGreeting)
    tell(container, 'start')
    later(fault?.kind === 'slow-start' ? fault.startMs : startMs)
  }

  return {
    images,
    /** Plenty; a test takes some away. */
    headroom: { memoryBytes: 2 ** 40, diskBytes: 2 ** 40 },
    /** Every call begins here: throws while the engine is out of reach, else brings all states up to date. */
    touch(signal: AbortSignal) {
      signal.throwIfAborted()
      if (outage) throw outage
      advanceAll()
    },
    now,
    containersOf: (instance: string) => containers.filter((container) => container.instance === instance),
    networksOf: (instance: string) => networks.filter((network) => network.instance === instance),
    addNetwork(network: FakeNetwork) {
      const taken = networks.find(({ subnet }) => subnet === network.subnet)
      if (taken) throw new SpawnerError('subnet-taken', `${network.subnet} overlaps network ${taken.name}`)
      networks.push(network)
    },
    removeNetwork(network: FakeNetwork) {
      networks.splice(networks.indexOf(network), 1)
    },
    create(spec: WorkloadSpec, index: number, instance: string): FakeContainer {
      if (!images.has(spec.image)) throw new SpawnerError('image-missing', `no such image: ${spec.image}`)
      counter += 1
      const container = newContainer(spec, index, instance, `fake-${counter.toString(16).padStart(8, '0')}`)
      containers.push(container)
      return container
    },
    start: run,
    /** Its health says so from now on: the proxy takes it out. */
    setDraining(container: FakeContainer, isDraining: boolean) {
      container.isDraining = isDraining
      container.health = isDraining ? 'unhealthy' : 'healthy'
      tell(container, `health_status: ${container.health}`)
    },
    /** Its supervisor drains: it ends when the sessions have left, or at the limit. */
    stop(container: FakeContainer, limitMs: number) {
      const waitMs = Math.min(drainMs, limitMs)
      container.isStopping = true
      container.stopsAt = Math.min(container.stopsAt ?? Number.POSITIVE_INFINITY, now() + waitMs)
      later(waitMs)
    },
    remove(container: FakeContainer) {
      containers.splice(containers.indexOf(container), 1)
      logs.delete(container.id)
      events.emit('log', container.id)
      tell(container, 'destroy')
    },
    /** Undefined when the container is gone. */
    logOf: (id: string): LogLine[] | undefined => {
      const exists = containers.some((container) => container.id === id)
      return exists ? (logs.get(id) ?? []) : undefined
    },
    /** Ids of containers whose log has changed. */
    logChanges: (signal: AbortSignal): AsyncIterable<string[]> => on(events, 'log', { signal }),
    hints: (signal: AbortSignal): AsyncIterable<Hint[]> => on(events, 'hint', { signal }),

    /** Faults on demand; undefined ends one. It holds for containers that start from now on. */
    setFault(appId: string, fault: Fault | undefined) {
      if (fault) faults.set(appId, fault)
      else faults.delete(appId)
    },
    /** Ends the running replicas of an app as a crash would. */
    crash(appId: string, exit: { code: number; lines: string[]; outOfMemory?: boolean }) {
      const running = containers.filter((container) => container.appId === appId && container.state === 'running')
      for (const container of running) {
        const { cause } = end(container, { time: now(), ...exit })
        tell(container, cause, exit.lines)
        later(Math.max(0, container.restartsAt - now()))
      }
    },
    /** Open sessions of the running replicas of one generation. */
    setSessions(appId: string, generation: number, count: number) {
      for (const container of containers.filter((found) => found.appId === appId && found.generation === generation))
        container.sessions = container.state === 'running' ? count : 0
    },
    /** What each running replica of an app uses from now on. */
    setMemoryUse(appId: string, memoryBytes: number) {
      for (const container of containers.filter((found) => found.appId === appId)) container.memoryBytes = memoryBytes
    },
    /** The kernel kills one session of a running replica: the replica lives on. */
    killSession(appId: string) {
      for (const container of containers.filter((found) => found.appId === appId && found.state === 'running'))
        tell(container, 'oom')
    },
    /** Everything throws 'unavailable' and watchers hear 'lost'; false ends it with a 'resync'. */
    setUnavailable(isUnavailable: boolean) {
      outage = isUnavailable ? new SpawnerError('unavailable', 'the fake engine is switched off') : undefined
      for (const instance of new Set(containers.map((container) => container.instance))) {
        emit(instance, outage ? { type: 'lost', error: outage } : { type: 'resync' })
      }
    },
    /** Output of a running replica, as its R code would print it. */
    print(appId: string, text: string) {
      for (const container of containers.filter((found) => found.appId === appId && found.state === 'running'))
        write(container, text)
    },
  }
}
export type FakeEngine = ReturnType<typeof createFakeEngine>
