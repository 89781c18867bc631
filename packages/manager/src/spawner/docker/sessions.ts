import type Dockerode from 'dockerode'
import { type Session, SpawnerError } from '../spawner.ts'
import type { AppContainer } from './app-container.ts'
import { engineCall } from './engine-call.ts'
import { isGone, saysAny } from './errors.ts'
import { columns, type Process, parseProcesses, parseStats, sessionsOf } from './processes.ts'
import { runInside } from './run-inside.ts'

/** While older sessions end, a look from outside and one from inside may not fit together. */
const attempts = 5

/**
 * Sessions by the engine's process list: no exec, and no connection, which would make R fork. One R listens below the
 * supervisor, and each of its children is one client's connection.
 */
export function createSessionReader({ docker }: { docker: Dockerode }) {
  async function processes(containerId: string, signal: AbortSignal): Promise<Process[] | undefined> {
    try {
      const answer: unknown = await engineCall('list processes', signal, () =>
        docker.getContainer(containerId).top({ ps_args: `-eo ${columns.join(',')}` }),
      )
      return sessionsOf(parseProcesses(answer))
    } catch (error) {
      // It has just ended, or it restarts: there is nothing to list.
      if (isGone(error) || saysAny(/is not running|is restarting/i)(error)) return undefined
      throw error
    }
  }

  /**
   * The list tells the engine's process ids, a signal from inside needs those of the container: the n-th oldest session
   * outside is the n-th oldest inside, as long as none of the older ones ended between the looks.
   */
  async function insidePid(containerId: string, pid: number, signal: AbortSignal): Promise<number | undefined> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const before = pidsUpTo(pid, (await processes(containerId, signal)) ?? [])
      if (before.length === 0) return undefined
      const inside = sessionsOf(parseStats(await runInside(docker, containerId, readStats, signal)))
      const after = pidsUpTo(pid, (await processes(containerId, signal)) ?? [])
      if (before.join() === after.join()) return inside[before.length - 1]?.pid
    }
    throw new SpawnerError('conflict', 'Sessions end so quickly that one cannot be told from another: try again')
  }

  return {
    /** Undefined: the container does not run. */
    async count(containerId: string, signal: AbortSignal): Promise<number | undefined> {
      return (await processes(containerId, signal))?.length
    },

    async list({ id, index, generation }: AppContainer, signal: AbortSignal): Promise<Session[]> {
      const found = (await processes(id, signal)) ?? []
      return found.map(({ pid, ageSeconds, memoryBytes, cpuSeconds }) => ({
        id: `${idPrefix(id)}${pid}`,
        ...{ replicaId: id, index, generation, ageSeconds, memoryBytes, cpuSeconds },
      }))
    },

    /** False: there is no such session in this container. */
    async end({ id }: AppContainer, sessionId: string, signal: AbortSignal): Promise<boolean> {
      const pid = await insidePid(id, Number(sessionId.slice(idPrefix(id).length)), signal)
      if (pid === undefined) return false
      // Killed, not asked: quitting would run the exit path of the listener that it was forked from.
      await runInside(docker, id, ['sh', '-c', 'kill -s KILL "$1" 2>&- || :', 'sh', String(pid)], signal)
      return true
    },
  }
}
export type SessionReader = ReturnType<typeof createSessionReader>

// A process may end while it is read.
const readStats = ['sh', '-c', 'cat /proc/[0-9]*/stat 2>&- || :']

export const idPrefix = (containerId: string) => `${containerId.slice(0, 12)}-`

/** Ids of the session and of all older ones; empty when it is not there. */
function pidsUpTo(pid: number, sessions: Process[]): number[] {
  const pids = sessions.map((session) => session.pid)
  return pids.slice(0, pids.indexOf(pid) + 1)
}
