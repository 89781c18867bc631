import type Dockerode from 'dockerode'
import { SpawnerError, type WorkloadSpec } from '../spawner.ts'
import type { AppContainer, ProxyContainer } from './app-container.ts'
import type { ContainerDetailsReader } from './container-details.ts'
import { containerSpec } from './container-spec.ts'
import type { DrainMarks } from './drain-marks.ts'
import { engineCall } from './engine-call.ts'
import { isGone, saysAny, statusOf, tolerate } from './errors.ts'
import { containerName, isTraefikLabel, readAppLabels } from './labels.ts'
import type { Networks } from './networks.ts'
import type { RolloutAction } from './plan-rollout.ts'
import type { Stops } from './stops.ts'

export type RouteLabels = (
  app: Pick<WorkloadSpec, 'appId' | 'slug' | 'generation' | 'port' | 'route'> & { network: string },
) => Record<string, string>

export interface ExecutorOptions {
  docker: Dockerode
  instance: string
  routeLabels: RouteLabels
  networks: Networks
  details: ContainerDetailsReader
  stops: Stops
  drainMarks: DrainMarks
}

/** Carries out planned actions, one small engine call each; decides nothing. */
export function createExecutor({
  docker,
  instance,
  routeLabels,
  networks,
  details,
  stops,
  drainMarks,
}: ExecutorOptions) {
  async function run(action: RolloutAction, spec: WorkloadSpec, proxies: ProxyContainer[], signal: AbortSignal) {
    switch (action.type) {
      case 'ensure-network':
        return ensureNetwork(spec, proxies, signal)
      case 'create':
        return create(spec, action.index, signal)
      case 'start':
        return void (await Promise.all(action.containers.map((name) => start(name, signal))))
      case 'unpause':
        return unpause(action.container, signal)
      case 'promote':
        return setPolicy(action.container, 'unless-stopped', signal)
      case 'demote':
        return setPolicy(action.container, 'no', signal)
      case 'restart':
        return void stops.restart(action.container.id, action.container.stopTimeoutSeconds)
      case 'drain':
        return drainMarks.set(action.container, signal)
      case 'undrain':
        return drainMarks.clear(action.container, signal)
      case 'stop':
        return void stop(action.container)
      case 'remove-network':
        return networks.remove(action.name, proxies, signal)
      case 'remove':
        return remove(action.container, signal)
    }
  }

  async function ensureNetwork(spec: WorkloadSpec, proxies: ProxyContainer[], signal: AbortSignal) {
    if (!(await networks.read(spec, signal)).current) await networks.create(spec, signal)
    const strangers = proxies.filter((proxy) => proxy.isRunning && !proxy.networks.includes(spec.network.name))
    for (const proxy of strangers) await networks.attach(proxy, spec.network.name, signal)
  }

  async function create(spec: WorkloadSpec, index: number, signal: AbortSignal) {
    await refuseImageLabels(spec.image, signal)
    const name = containerName(spec.appId, spec.generation, index)
    const labels = routeLabels({ ...spec, network: spec.network.name })
    const body = containerSpec(spec, { instance, index, routeLabels: labels })
    try {
      await engineCall(`create ${name}`, signal, (abortSignal) => {
        // Without the split dockerode puts the whole body, environment included, into the URL.
        const request = { _query: { name }, _body: body, abortSignal }
        return docker.createContainer(request)
      })
    } catch (error) {
      if (statusOf(error) !== 409) throw error
      await adopt(name, spec, signal)
    }
  }

  /** A name that exists is either our own earlier create or somebody else's object. */
  async function adopt(name: string, spec: WorkloadSpec, signal: AbortSignal) {
    const found = await engineCall(`inspect ${name}`, signal, (abortSignal) =>
      docker.getContainer(name).inspect({ abortSignal }),
    )
    const labels = readAppLabels(found.Config.Labels, instance)
    const isOurs =
      labels?.appId === spec.appId &&
      labels.generation === spec.generation &&
      labels.specHash === spec.specHash &&
      labels.routeHash === spec.route.routeHash
    if (!isOurs) throw new SpawnerError('name-taken', `container ${name} exists and belongs to somebody else`)
  }

  /** Labels of an image become labels of its containers: an image could route itself anywhere. */
  async function refuseImageLabels(image: string, signal: AbortSignal) {
    const { Config } = await engineCall(`inspect image ${image}`, signal, () => docker.getImage(image).inspect())
    const label = Object.keys(Config.Labels ?? {}).find(isTraefikLabel)
    if (label) throw new SpawnerError('not-permitted', `the image carries the proxy label ${label}`)
  }

  async function start(name: string, signal: AbortSignal) {
    // 304: it runs already.
    const started = engineCall(`start ${name}`, signal, (abortSignal) =>
      docker.getContainer(name).start({ abortSignal }),
    )
    await tolerate(started, (error) => statusOf(error) === 304)
  }

  async function unpause({ id, name }: AppContainer, signal: AbortSignal) {
    const unpaused = engineCall(`unpause ${name}`, signal, (abortSignal) =>
      docker.getContainer(id).unpause({ abortSignal }),
    )
    await tolerate(unpaused, saysAny(/is not paused/i))
  }

  async function setPolicy({ id, name }: AppContainer, Name: 'unless-stopped' | 'no', signal: AbortSignal) {
    await engineCall(`set the restart policy of ${name}`, signal, (abortSignal) =>
      docker.getContainer(id).update({ RestartPolicy: { Name }, abortSignal }),
    )
    details.forget(id)
  }

  function stop({ id, stopTimeoutSeconds }: AppContainer, seconds = stopTimeoutSeconds) {
    stops.stop(id, seconds)
  }

  async function remove({ id, name }: AppContainer, signal: AbortSignal) {
    const removed = engineCall(`remove ${name}`, signal, (abortSignal) =>
      docker.getContainer(id).remove({ v: true, force: true, abortSignal }),
    )
    await tolerate(removed, (error) => isGone(error) || saysAny(/removal .* in progress/i)(error))
    drainMarks.forget(id)
  }

  /** Ends a container within the call. */
  async function kill(container: AppContainer, seconds: number, signal: AbortSignal) {
    // 304: not running; that is success here.
    const stopped = engineCall(`stop ${container.name}`, signal, (abortSignal) =>
      docker.getContainer(container.id).stop({ t: seconds, abortSignal }),
    )
    await tolerate(stopped, (error) => isGone(error) || statusOf(error) === 304)
    await remove(container, signal)
  }

  return { run, stop, remove, kill }
}
export type Executor = ReturnType<typeof createExecutor>
