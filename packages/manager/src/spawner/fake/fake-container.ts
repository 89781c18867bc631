import type { AppContainer, ContainerState } from '../docker/app-container.ts'
import { containerName } from '../docker/labels.ts'
import type { WorkloadSpec } from '../spawner.ts'

/** How containers that start from now on go wrong. */
export type Fault =
  | { kind: 'exit-at-start'; code: number; lines: string[]; outOfMemory?: boolean }
  | { kind: 'never-healthy' }
  | { kind: 'slow-start'; startMs: number }

export interface FakeContainer extends AppContainer {
  instance: string
  image: string
  fault: Fault | undefined
  /** When it turns healthy, or fails. */
  readyAt: number
  /** When its sessions have left after a stop. */
  stopsAt: number | undefined
  /** When the engine starts it again after a crash. */
  restartsAt: number
  memoryBytes: number
}

export function newContainer(spec: WorkloadSpec, index: number, instance: string, id: string): FakeContainer {
  return {
    appId: spec.appId,
    slug: spec.slug,
    release: spec.release,
    generation: spec.generation,
    specHash: spec.specHash,
    routeHash: spec.route.routeHash,
    index,
    id,
    name: containerName(spec.appId, spec.generation, index),
    state: 'created',
    health: 'starting',
    restarts: 0,
    startedAt: undefined,
    isPromoted: false,
    isStopping: false,
    isDraining: false,
    stopTimeoutSeconds: 15,
    routers: [],
    services: [],
    networks: { [spec.network.name]: spec.network.name },
    address: undefined,
    isRouted: undefined,
    sessions: 0,
    exit: undefined,
    instance,
    image: spec.image,
    fault: undefined,
    readyAt: 0,
    stopsAt: undefined,
    restartsAt: 0,
    memoryBytes: 60 * 2 ** 20,
  }
}

export function begin(
  container: FakeContainer,
  fault: Fault | undefined,
  { time, startMs }: { time: number; startMs: number },
) {
  const startsInMs = fault?.kind === 'slow-start' ? fault.startMs : startMs
  Object.assign(container, {
    state: 'running' satisfies ContainerState,
    health: 'starting' satisfies AppContainer['health'],
    startedAt: new Date(time).toISOString(),
    isStopping: false,
    isDraining: false,
    sessions: 0,
    exit: undefined,
    fault,
    readyAt: time + startsInMs,
    stopsAt: undefined,
  })
}

export type Change = { cause: 'health_status: healthy' } | { cause: 'die'; lines: string[] } | { cause: 'restart-due' }

/** The next thing that is due at `time`; carried out, except for the restart, which is the engine's. */
export function advance(container: FakeContainer, time: number): Change | undefined {
  const { state, fault, stopsAt, readyAt, health } = container
  if (state === 'restarting') return container.restartsAt <= time ? { cause: 'restart-due' } : undefined
  if (state !== 'running') return undefined
  if (stopsAt !== undefined && stopsAt <= time) return end(container, { time, code: 0, lines: [] })
  if (readyAt > time) return undefined
  if (fault?.kind === 'exit-at-start') return end(container, { time, ...fault })
  if (health !== 'starting' || fault?.kind === 'never-healthy') return undefined
  container.health = 'healthy'
  return { cause: 'health_status: healthy' }
}

const backoffMs = (restarts: number) => Math.min(100 * 2 ** restarts, 60_000)

/** As the engine does: a live replica that was not asked to stop is started again, after a growing pause. */
export function end(
  container: FakeContainer,
  { time, code, lines, outOfMemory = false }: { time: number; code: number; lines: string[]; outOfMemory?: boolean },
): Change {
  const willRestart = container.isPromoted && !container.isStopping
  container.state = willRestart ? 'restarting' : 'exited'
  container.health = 'exited'
  container.exit = { code, outOfMemory, reason: undefined }
  container.restartsAt = time + backoffMs(container.restarts)
  container.restarts += Number(willRestart)
  container.isStopping = false
  return { cause: 'die', lines }
}
