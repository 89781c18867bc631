import type Dockerode from 'dockerode'
import { engineCall } from './engine-call.ts'
import { isGone, saysAny } from './errors.ts'

export interface Process {
  pid: number
  parent: number
  ageSeconds: number
  memoryBytes: number
  cpuSeconds: number
  isZombie: boolean
  name: string
}

const columns = ['pid', 'ppid', 'etimes', 'rss', 'times', 'stat', 'comm']

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
      return parseProcesses(answer)
    } catch (error) {
      // It has just ended, or it restarts: there is nothing to list.
      if (isGone(error) || saysAny(/is not running|is restarting/i)(error)) return undefined
      throw error
    }
  }

  return {
    /** Undefined: the container does not run. */
    async count(containerId: string, signal: AbortSignal): Promise<number | undefined> {
      const found = await processes(containerId, signal)
      return found && sessionsOf(found).length
    },
  }
}
export type SessionReader = ReturnType<typeof createSessionReader>

/** `{ Titles: ['PID', …], Processes: [['12', …], …] }`; the last column may hold spaces. */
export function parseProcesses(answer: unknown): Process[] {
  const rows = Object(answer).Processes
  if (!Array.isArray(rows)) return []
  return rows.map((row: string[]) => {
    const [pid, parent, age, rss, cpu, stat = '', ...name] = row
    return {
      pid: Number(pid),
      parent: Number(parent),
      ageSeconds: Number(age),
      memoryBytes: Number(rss) * 1_024,
      cpuSeconds: Number(cpu),
      isZombie: stat.startsWith('Z'),
      name: name.join(' '),
    }
  })
}

/**
 * Children of the listener. After a stop the listener has left and its sessions belong to the supervisor; then the
 * oldest of them is taken for the listener, so that the count is one too low for what is being stopped anyway. What a
 * session forks for itself (parallel::mclapply) is part of that session.
 */
export function sessionsOf(processes: Process[]): Process[] {
  const running = processes.filter(({ name, isZombie }) => name === 'R' && !isZombie)
  const pids = new Set(running.map(({ pid }) => pid))
  const roots = running
    .filter(({ parent }) => !pids.has(parent))
    .toSorted((a, b) => b.ageSeconds - a.ageSeconds || a.pid - b.pid)
  const [listener, ...orphans] = roots
  return [...orphans, ...running.filter(({ parent }) => parent === listener?.pid)]
}
