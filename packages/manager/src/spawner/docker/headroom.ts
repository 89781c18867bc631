import { statfs } from 'node:fs/promises'
import { freemem } from 'node:os'
import type Dockerode from 'dockerode'
import type { Headroom } from '../spawner.ts'
import { engineCall } from './engine-call.ts'
import { isGone } from './errors.ts'

/**
 * Of the machine, which containers see as it is: /proc/meminfo's MemAvailable, and the file system of our data volume,
 * which lies where the engine keeps images.
 */
export async function readHeadroom(dataDir: string): Promise<Headroom> {
  const { bavail, bsize } = await statfs(dataDir)
  return { memoryBytes: freemem(), diskBytes: bavail * bsize }
}

/** Without the page cache that the kernel would drop first; undefined when the container does not run. */
export async function readMemoryUse(docker: Dockerode, id: string, signal: AbortSignal): Promise<number | undefined> {
  const asked = engineCall(`read the memory of ${id}`, signal, () =>
    docker.getContainer(id).stats({ stream: false, 'one-shot': true }),
  )
  const answer: unknown = await asked.catch((error: unknown) => {
    if (isGone(error)) return undefined
    throw error
  })
  const { usage, stats }: { usage?: number; stats?: Record<string, number> } = Object(answer ?? {}).memory_stats ?? {}
  if (usage === undefined) return undefined
  // cgroup v2 and v1.
  return usage - (stats?.inactive_file ?? stats?.total_inactive_file ?? 0)
}
