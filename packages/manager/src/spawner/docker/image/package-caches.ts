import type Dockerode from 'dockerode'
import type { CleanupOptions, Removed } from '../../image-builder.ts'
import { engineCall } from '../engine-call.ts'
import { isGone } from '../errors.ts'
import { imageLabel } from './image-labels.ts'

export interface CacheLimits {
  /** Of all caches of this installation together. */
  maxBytes: number
  maxAgeMs: number
}

export interface CacheVolume {
  name: string
  createdAt: number
  sizeBytes: number
  isUsed: boolean
}

/** Sizes are counted by walking files. */
const countMs = 5 * 60_000

/**
 * What a trim removes: caches that are older than the limit, and then the oldest until all fit. What a build uses
 * stays. A cache is filled again by the next install.
 */
export function expiredCaches(volumes: CacheVolume[], { maxBytes, maxAgeMs }: CacheLimits, now: number): CacheVolume[] {
  const oldestFirst = volumes.toSorted((a, b) => a.createdAt - b.createdAt)
  let kept = volumes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return oldestFirst.filter(({ createdAt, sizeBytes, isUsed }) => {
    if (isUsed || (now - createdAt <= maxAgeMs && kept <= maxBytes)) return false
    kept -= sizeBytes
    return true
  })
}

export function createPackageCaches(docker: Dockerode, instance: string, limits: CacheLimits) {
  async function list(signal: AbortSignal): Promise<CacheVolume[]> {
    const answer: unknown = await engineCall('measure the caches of packages', signal, () => docker.df(), countMs)
    const { Volumes = [] }: { Volumes?: Dockerode.VolumeInspectInfo[] } = Object(answer)
    const ours = (Volumes ?? []).filter(
      ({ Labels }) => Labels?.[imageLabel.instance] === instance && Labels[imageLabel.role] === 'cache',
    )
    return ours.map((volume) => ({
      name: volume.Name,
      createdAt: Date.parse('CreatedAt' in volume ? String(volume.CreatedAt) : ''),
      sizeBytes: Math.max(0, volume.UsageData?.Size ?? 0),
      isUsed: (volume.UsageData?.RefCount ?? 0) > 0,
    }))
  }

  return {
    async trim({ dryRun }: CleanupOptions, signal: AbortSignal): Promise<Removed[]> {
      const expired = expiredCaches(await list(signal), limits, Date.now())
      const gone: CacheVolume[] = []
      for (const volume of expired) if (dryRun || (await remove(volume.name, signal))) gone.push(volume)
      return gone.map(({ name, sizeBytes }) => ({ kind: 'volume', id: name, name, sizeBytes, reason }))
    },
  }

  /** False: a build began to use it. */
  async function remove(name: string, signal: AbortSignal): Promise<boolean> {
    try {
      await engineCall(`remove volume ${name}`, signal, () => docker.getVolume(name).remove())
    } catch (error) {
      if (error instanceof Error && /volume is in use/.test(error.message)) return false
      if (!isGone(error)) throw error
    }
    return true
  }
}

const reason = 'caches of packages are renewed by age, and have a limit'
