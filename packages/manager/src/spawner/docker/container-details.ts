import type Dockerode from 'dockerode'
import { engineCall } from './engine-call.ts'
import { isGone } from './errors.ts'
import { longestUptimeMs } from './uptime.ts'

/** What the bulk list does not tell. */
export interface ContainerDetails {
  startedAt: string | undefined
  restarts: number
  isPromoted: boolean
  isDraining: boolean
  stopTimeoutSeconds: number
  exit: { code: number; outOfMemory: boolean; reason: string | undefined } | undefined
}

const defaultStopSeconds = 10

/**
 * Inspects a container when it is first seen, after each restart, and whenever it does not run. In the steady state
 * the list alone is enough: a running container whose uptime agrees with its known start has not changed.
 */
export function createContainerDetails({ docker, now }: { docker: Dockerode; now: () => number }) {
  const known = new Map<string, ContainerDetails>()

  async function read(summary: Dockerode.ContainerInfo, signal: AbortSignal): Promise<ContainerDetails | undefined> {
    const cached = known.get(summary.Id)
    if (cached && isFresh(summary, cached)) return cached
    const inspected = await inspect(summary.Id, signal)
    if (inspected) known.set(summary.Id, detailsOf(inspected))
    else known.delete(summary.Id)
    return known.get(summary.Id)
  }

  async function inspect(id: string, signal: AbortSignal) {
    try {
      return await engineCall(`inspect container ${id}`, signal, (abortSignal) =>
        docker.getContainer(id).inspect({ abortSignal }),
      )
    } catch (error) {
      if (isGone(error)) return undefined
      throw error
    }
  }

  function isFresh({ State, Status }: Dockerode.ContainerInfo, { startedAt }: ContainerDetails) {
    const uptimeMs = longestUptimeMs(Status)
    // What an unhealthy one says changes without a restart.
    if (State !== 'running' || Status.includes('(unhealthy)') || uptimeMs === undefined || startedAt === undefined)
      return false
    return now() - Date.parse(startedAt) <= uptimeMs + 1_000
  }

  return {
    /** Both undefined when the container went away meanwhile. */
    read,
    inspect,
    forget: (id: string) => known.delete(id),
    /** After a full list: everything else no longer exists. */
    keepOnly(ids: Set<string>) {
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id)
    },
  }
}
export type ContainerDetailsReader = ReturnType<typeof createContainerDetails>

interface Inspected {
  State: Pick<
    Dockerode.ContainerInspectInfo['State'],
    'Status' | 'OOMKilled' | 'ExitCode' | 'Error' | 'StartedAt' | 'Health'
  >
  RestartCount: number
  HostConfig: Pick<Dockerode.HostConfig, 'RestartPolicy'>
  Config: object
}

/** OOMKilled is also true when only a session was killed: it counts together with the exit code of a killed PID 1. */
export function detailsOf({ State, RestartCount, HostConfig, Config }: Inspected): ContainerDetails {
  const hasEnded = ['exited', 'dead', 'restarting'].includes(State.Status)
  return {
    startedAt: State.StartedAt.startsWith('0001-') ? undefined : State.StartedAt,
    restarts: RestartCount,
    isPromoted: HostConfig.RestartPolicy?.Name === 'unless-stopped',
    // The word that probe.sh ends with; see images/rserve-base.
    isDraining: State.Health?.Log.at(-1)?.Output.trim() === 'draining',
    stopTimeoutSeconds: stopTimeoutOf(Config),
    exit: hasEnded
      ? {
          code: State.ExitCode,
          outOfMemory: State.ExitCode === 137 && State.OOMKilled,
          reason: State.Error || undefined,
        }
      : undefined,
  }
}

/** `@types/dockerode` does not know it yet. */
function stopTimeoutOf(config: object): number {
  return 'StopTimeout' in config && typeof config.StopTimeout === 'number' ? config.StopTimeout : defaultStopSeconds
}
