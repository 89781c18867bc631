/** Enough of a process to tell sessions from the rest. */
export interface Kin {
  pid: number
  parent: number
  name: string
  isZombie: boolean
  /** When it began, in seconds on any clock: only the order counts. */
  bornAt: number
}

export interface Process extends Kin {
  ageSeconds: number
  memoryBytes: number
  cpuSeconds: number
}

/** Columns of ps as `parseProcesses` reads them. */
export const columns = ['pid', 'ppid', 'etimes', 'rss', 'times', 'stat', 'comm']

/** `{ Titles: ['PID', …], Processes: [['12', …], …] }`; the last column may hold spaces. */
export function parseProcesses(answer: unknown): Process[] {
  const rows = Object(answer).Processes
  if (!Array.isArray(rows)) return []
  return rows.map((row: string[]) => {
    const [pid, parent, age, rss, cpu, stat = '', ...name] = row
    return {
      pid: Number(pid),
      parent: Number(parent),
      name: name.join(' '),
      isZombie: stat.startsWith('Z'),
      bornAt: -Number(age),
      ageSeconds: Number(age),
      memoryBytes: Number(rss) * 1_024,
      cpuSeconds: Number(cpu),
    }
  })
}

const ticksPerSecond = 100

/**
 * Lines of /proc/PID/stat: pid, (name), state, parent, …, start time as field 22 (proc(5)). A name may hold spaces and
 * parentheses, so the last one ends it.
 */
export function parseStats(text: string): Kin[] {
  return text.split('\n').flatMap((line) => {
    const [, pid, name, state, rest] = /^(\d+) \((.*)\) (\w) (.*)$/.exec(line) ?? []
    if (!pid || name === undefined || !rest) return []
    const fields = rest.split(' ')
    const bornAt = Number(fields[18]) / ticksPerSecond
    return [{ pid: Number(pid), parent: Number(fields[0]), name, isZombie: state === 'Z', bornAt }]
  })
}

/**
 * Children of the listener, oldest first. After a stop the listener has left and its sessions belong to the supervisor;
 * then the oldest of them is taken for the listener, so that the count is one too low for what is being stopped anyway.
 * What a session forks for itself (parallel::mclapply) is part of that session.
 */
export function sessionsOf<P extends Kin>(processes: P[]): P[] {
  const running = processes.filter(({ name, isZombie }) => name === 'R' && !isZombie)
  const pids = new Set(running.map(({ pid }) => pid))
  const [listener, ...orphans] = running.filter(({ parent }) => !pids.has(parent)).toSorted(byBirth)
  return [...orphans, ...running.filter(({ parent }) => parent === listener?.pid)].toSorted(byBirth)
}

const byBirth = (a: Kin, b: Kin) => a.bornAt - b.bornAt || a.pid - b.pid
