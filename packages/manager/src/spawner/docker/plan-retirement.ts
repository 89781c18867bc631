import type { PhaseTimes } from '../spawner.ts'
import type { AppContainer } from './app-container.ts'
import type { RolloutAction, RolloutSituation } from './plan-rollout.ts'

/** When the drain of a container ends at the latest, and whether the owner has ended it before. */
export interface Drain {
  container: AppContainer
  beganAt: number
  endsAt: number
}

/** Visitors still come to a surplus replica until its probe has failed three times; the last get the whole limit too. */
const routeOutMs = 20_000
/** A proxy that does not say what it routes is waited for this long. */
const silenceMs = 60_000

/** What is on its way out: older generations once the newer is live, and replicas above the wanted number. */
export function drainsOf({ desired, observed, times }: Omit<RolloutSituation, 'now'>): Drain[] {
  const isSurplus = ({ generation, index }: AppContainer) =>
    generation === desired.generation && index > desired.replicas
  const isOlder = ({ generation }: AppContainer) => generation < desired.generation && times.liveAt !== undefined
  return observed.containers
    .filter((container) => isSurplus(container) || isOlder(container))
    .map((container) => {
      const { limitMs } = desired.drain
      if (!isSurplus(container)) return drainOf(container, drainBegan(times, container), limitMs, times)
      return drainOf(container, times.scaledInAt ?? times.liveAt ?? times.startedAt, routeOutMs + limitMs, times)
    })
}

/**
 * Takes containers out without cutting a session before its drain's end. An older generation keeps its listener: it is
 * what the proxy falls back to while the newer one is not healthy, and for the same reason it stays until that one is.
 */
export function planRetirement(situation: RolloutSituation, wanted: AppContainer[]): RolloutAction[] {
  const serves = situation.desired.replicas === 0 || wanted.some(({ health }) => health === 'healthy')
  return drainsOf(situation).flatMap(({ container, beganAt, endsAt }) => {
    if (!isRunning(container)) return retire(container)
    if (!serves) return []
    // Unknown is not none: without a count it stays until its drain ends.
    const isDone = situation.now >= endsAt || container.sessions === 0
    if (container.generation < situation.desired.generation) return isDone ? retire(container) : []
    return scaleIn(container, isDone, situation.now >= beganAt + silenceMs)
  })
}

/** The proxy would go on sending it its share: however short the drain, it must be out of the route before it stops. */
function scaleIn(container: AppContainer, isDone: boolean, isLate: boolean): RolloutAction[] {
  const { state, health, isDraining, isRouted } = container
  // This same step wakes it, and what it then says of itself is not known yet.
  if (state === 'paused') return []
  if (health === 'starting') return retire(container)
  if (health === 'healthy') return isDraining ? [] : [{ type: 'drain', container }]
  return isDone && (isRouted === false || (isRouted === undefined && isLate)) ? retire(container) : []
}

/** One step of taking a container away; none while the engine is at it. */
export function retire(container: AppContainer): RolloutAction[] {
  if (isRunning(container)) return container.isStopping ? [] : [{ type: 'stop', container }]
  return container.state === 'removing' ? [] : [{ type: 'remove', container }]
}

export const isRunning = ({ state }: AppContainer) => ['running', 'restarting', 'paused'].includes(state)

const drainBegan = ({ drains, liveAt, startedAt }: PhaseTimes, { generation }: AppContainer) =>
  drains?.[generation] ?? liveAt ?? startedAt

function drainOf(container: AppContainer, began: string, limitMs: number, { drainEndedAt }: PhaseTimes): Drain {
  const beganAt = Date.parse(began)
  const asked = drainEndedAt === undefined ? Number.NEGATIVE_INFINITY : Date.parse(drainEndedAt)
  return { container, beganAt, endsAt: asked >= beganAt ? beganAt : beganAt + limitMs }
}
