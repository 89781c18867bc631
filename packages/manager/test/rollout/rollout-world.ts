import { type AppAction, type DesiredApp, planApp, type Rollout } from '../../src/domain/plan-app.ts'
import type { AppContainer } from '../../src/spawner/docker/app-container.ts'
import { markRouted, observeApp } from '../../src/spawner/docker/observe.ts'
import { drainsOf } from '../../src/spawner/docker/plan-retirement.ts'
import { planRollout, type RolloutAction, type RolloutSituation } from '../../src/spawner/docker/plan-rollout.ts'
import { SpawnerError } from '../../src/spawner/spawner.ts'
import { appId, containerOf, networkName, specOf } from './rollout-fixtures.ts'

export interface Deploy {
  replicas: number
  /** What becomes of its replicas: healthy after a second, exit at start, or never healthy. */
  fate: 'well' | 'exits' | 'hangs'
}

const startMs = 1_000
const graceMs = 10_000
const proxies = [{ id: 'proxy', isRunning: true, networks: [networkName] }]

/** What the plan did that it must never do. */
export type Offence =
  | 'took away what served'
  | 'cut a session before the end of its drain'
  | 'stopped what the proxy still sends visitors to'

/**
 * Plays rows, engine and proxy against the two pure plans: no I/O, a clock of its own. Only what an engine may do
 * happens by itself; everything else is an action of a plan.
 */
export function createRolloutWorld() {
  let now = Date.parse('2026-01-01T00:00:00.000Z')
  let networkId: string | undefined
  let networks = 0
  let made = 0
  let generations = 0
  let containers: AppContainer[] = []
  let queued: Deploy | undefined
  let rollout: Rollout | undefined
  let live: Rollout | undefined
  const fates = new Map<number, Deploy['fate']>()
  const dueAt = new Map<string, number>()
  const offences: Offence[] = []

  const isReachable = ({ networks: joined }: AppContainer) =>
    networkId !== undefined && joined[networkName] === networkId
  /** One that is told to stop closes its listener at once. */
  const isServing = (container: AppContainer) =>
    container.state === 'running' && container.health === 'healthy' && !container.isStopping && isReachable(container)
  /** Highest priority wins, as long as one of its replicas is healthy. */
  const serving = () => Math.max(0, ...containers.filter(isServing).map(({ generation }) => generation))

  function observe() {
    const routers = new Set(containers.filter(isServing).flatMap((container) => container.routers))
    const addresses = new Map<string, Set<string>>()
    for (const { services, address } of containers.filter(isServing))
      for (const service of services) addresses.set(service, (addresses.get(service) ?? new Set()).add(address ?? ''))
    const marked = markRouted(containers, networkId ? proxies : [], { routers, addresses })
    return marked
  }

  function change(container: AppContainer, update: Partial<AppContainer>) {
    containers = containers.map((one) => (one.id === container.id ? { ...one, ...update } : one))
  }

  /** Being woken up heals neither what was never healthy nor what drains. */
  const awake = ({ generation, isDraining }: Pick<AppContainer, 'generation' | 'isDraining'>) =>
    fates.get(generation) !== 'well' ? 'starting' : isDraining ? 'unhealthy' : 'healthy'

  function start(container: AppContainer) {
    dueAt.set(container.id, now + startMs)
    const joined = container.state === 'created' ? { [networkName]: networkId ?? '' } : container.networks
    const startedAt = new Date(now).toISOString()
    const fresh = { isDraining: false, isStopping: false, sessions: 0, exit: undefined }
    change(container, { ...fresh, state: 'running', health: 'starting', startedAt, networks: joined })
  }

  function exit(container: AppContainer) {
    const restarts = container.isPromoted && !container.isStopping
    dueAt.set(container.id, now + startMs)
    change(container, {
      state: restarts ? 'restarting' : 'exited',
      health: 'exited',
      restarts: container.restarts + Number(restarts),
      isStopping: false,
      sessions: 0,
      exit: { code: 1, outOfMemory: false, reason: undefined },
    })
  }

  /** What the engine does by itself as time passes. */
  function settle() {
    for (const container of containers.filter(({ id }) => (dueAt.get(id) ?? Infinity) <= now)) {
      dueAt.delete(container.id)
      const fate = fates.get(container.generation)
      if (container.isStopping) exit(container)
      else if (container.state === 'restarting') start(container)
      else if (container.state === 'running' && fate === 'exits') exit(container)
      else if (container.state === 'running' && fate === 'well') change(container, { health: 'healthy' })
    }
    for (const container of containers.filter(({ isStopping, sessions }) => isStopping && sessions === 0))
      exit(container)
  }

  function perform(action: RolloutAction, situation: RolloutSituation) {
    if (action.type === 'ensure-network') {
      networks += Number(networkId === undefined)
      networkId ??= `net-${networks}`
    }
    if (action.type === 'create') {
      made += 1
      containers = [...containers, containerOf(situation.desired, action.index, `c${made}`)]
    }
    if (action.type === 'start')
      for (const container of containers.filter(({ name }) => action.containers.includes(name))) start(container)
    if ('container' in action) performOn(action, situation)
  }

  function performOn(action: Extract<RolloutAction, { container: AppContainer }>, situation: RolloutSituation) {
    const container = containers.find(({ id }) => id === action.container.id)
    if (!container) return
    switch (action.type) {
      case 'promote':
      case 'demote':
        return change(container, { isPromoted: action.type === 'promote' })
      case 'drain':
        return change(container, { isDraining: true, health: 'unhealthy' })
      case 'undrain':
        return change(container, { isDraining: false, health: awake({ ...container, isDraining: false }) })
      case 'unpause':
        return change(container, { state: 'running', health: awake(container) })
      case 'restart':
        return start(container)
      case 'stop':
        if (isVisited(container, situation)) offences.push('stopped what the proxy still sends visitors to')
        if (isCut(container, situation)) offences.push('cut a session before the end of its drain')
        dueAt.set(container.id, now + graceMs)
        return change(container, { isStopping: true })
      case 'remove':
        containers = containers.filter(({ id }) => id !== container.id)
    }
  }

  function isCut({ id, sessions }: AppContainer, situation: RolloutSituation) {
    const drain = drainsOf(situation).find(({ container }) => container.id === id)
    return (sessions ?? 0) > 0 && now < (drain?.endsAt ?? Infinity)
  }

  const isVisited = (container: AppContainer, { desired }: RolloutSituation) =>
    container.generation === desired.generation && container.index > desired.replicas && isServing(container)

  const counted = (seen: AppContainer[]) =>
    seen.map((container) => ({ ...container, sessions: containers.find(({ id }) => id === container.id)?.sessions }))

  /** The executor: the manager may be killed after any number of its acts. */
  function apply({ spec, times }: Rollout, acts: number): number {
    const observed = {
      containers: counted(observe()),
      network: { id: networkId, proxies: 1, detachedProxies: 0, others: [] },
    }
    const situation = { desired: spec, observed, times, now }
    const planned = planRollout(situation)
    for (const action of planned.slice(0, acts)) {
      const before = serving()
      perform(action, situation)
      const kept = live?.spec.generation ?? 0
      if (before > 0 && serving() < Math.min(before, kept || before)) offences.push('took away what served')
    }
    return planned.length
  }

  function act(action: AppAction, acts: number): number {
    switch (action.type) {
      case 'apply':
        return apply(action.rollout, acts)
      case 'begin':
        begin()
        break
      case 'advance':
        if (rollout) rollout = { ...rollout, status: action.status, times: action.times }
        break
      case 'live':
        goLive(action)
        break
      case 'crashes':
        if (live) live = { ...live, crashes: action.change.crashes, times: held(live.times, action.change.holdUntil) }
        break
      case 'fail':
        rollout = undefined
        break
      case 'discard':
        containers = containers.filter(({ generation }) => generation !== action.generation)
        break
    }
    return 1
  }

  function begin() {
    if (!queued) return
    generations += 1
    fates.set(generations, queued.fate)
    const spec = specOf(generations, queued.replicas)
    const times = { startedAt: new Date(now).toISOString() }
    rollout = { deploymentId: `d${generations}`, status: 'starting', spec, times }
    queued = undefined
  }

  function goLive({ rollout: done, times }: Extract<AppAction, { type: 'live' }>) {
    const drains = live ? { ...live.times.drains, [live.spec.generation]: new Date(now).toISOString() } : {}
    live = { ...done, status: 'live', times: { ...times, drains } }
    rollout = undefined
  }

  const desired = (): DesiredApp => ({
    appId,
    state: 'running',
    live,
    rollout,
    readyId: queued && 'queued',
    stopId: undefined,
  })

  return {
    offences,
    deploy(deploy: Deploy) {
      queued = deploy
    },
    scale(replicas: number) {
      if (!live) return
      const scaledInAt = replicas < live.spec.replicas ? { scaledInAt: new Date(now).toISOString() } : {}
      live = { ...live, spec: { ...live.spec, replicas }, times: { ...live.times, ...scaledInAt } }
    },
    endDrain() {
      if (live) live = { ...live, times: { ...live.times, drainEndedAt: new Date(now).toISOString() } }
    },
    /** One pass of the reconciler, killed after `acts` acts. */
    look(acts = Infinity) {
      settle()
      const seen = observeApp({ appId, containers: observe(), network: networkId && networkName, lastLines: new Map() })
      let left = acts
      try {
        for (const action of planApp(desired(), seen, new Date(now))) if (left > 0) left -= act(action, left)
      } catch (error) {
        if (!(error instanceof SpawnerError)) throw error
      }
    },
    pass(ms: number) {
      now += ms
      settle()
    },
    /** The nth container, as far as there is one. */
    disturb(which: number, how: 'crash' | 'sicken' | 'pause' | 'remove' | 'disconnect') {
      const container = containers[which % Math.max(1, containers.length)]
      if (container?.state !== 'running' || container.isStopping) return
      if (how === 'crash') exit(container)
      if (how === 'sicken') change(container, { health: 'unhealthy' })
      if (how === 'pause') change(container, { state: 'paused', health: 'unhealthy' })
      if (how === 'disconnect') change(container, { networks: {} })
      if (how === 'remove') containers = containers.filter(({ id }) => id !== container.id)
    },
    /** Clients open sessions where the proxy sends them, and leave from anywhere. */
    visit(count: number) {
      const front = containers.filter((one) => isServing(one) && one.generation === serving())
      for (const one of front) change(one, { sessions: (one.sessions ?? 0) + count })
    },
    leave() {
      for (const one of containers) change(one, { sessions: 0 })
    },
    /** Everything is calm from now on; what is there in the end. */
    calm() {
      for (const one of containers)
        if (one.health === 'unhealthy' && !one.isDraining && one.state === 'running')
          change(one, { health: awake(one) })
      for (let pass = 0; pass < 400; pass += 1) {
        this.leave()
        this.pass(10_000)
        this.look()
      }
      const byIndex = containers.toSorted((a, b) => a.index - b.index)
      return byIndex.map(({ generation, index, health, isPromoted }) => ({ generation, index, health, isPromoted }))
    },
    wanted() {
      const indexes = Array.from({ length: live?.spec.replicas ?? 0 }, (_, place) => place + 1)
      const generation = live?.spec.generation ?? 0
      return indexes.map((index) => ({ generation, index, health: 'healthy', isPromoted: true }))
    },
  }
}

const held = ({ holdUntil: _, ...times }: Rollout['times'], holdUntil: string | undefined) =>
  holdUntil === undefined ? times : { ...times, holdUntil }
