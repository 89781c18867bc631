import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export const rolloutPhases = [
  'prepare',
  'create',
  'start',
  'verify',
  'route',
  'bake',
  'live',
  'drain',
  'retire',
] as const
export type RolloutPhase = (typeof rolloutPhases)[number]

interface CrashPointOptions {
  /** Undefined in every installation that is not under test. */
  phase: RolloutPhase | undefined
  dataDir: string
  kill?: () => void
}

/**
 * For fault tests (CRASH_AT): the process kills itself, as a power cut would, right after a rollout's step in this
 * phase; once, so that the restarted one can show that it converges.
 */
export function createCrashPoint({ phase, dataDir, kill = killSelf }: CrashPointOptions) {
  return async (reached: RolloutPhase): Promise<void> => {
    if (reached !== phase || (await hasCrashed(join(dataDir, `crashed-at-${phase}`)))) return
    kill()
    await new Promise(() => 'never: the process is gone')
  }
}

// Nothing is awaited, and no handler of a signal runs. A signal would do nothing: a container's PID 1 is immune to its own.
const killSelf = () => process.exit(137)

async function hasCrashed(marker: string): Promise<boolean> {
  try {
    await writeFile(marker, '', { flag: 'wx' })
    return false
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return true
    throw error
  }
}
