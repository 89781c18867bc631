import type { BuildPhase } from '../spawner/image-builder.ts'

export type TimedPhase = 'fetching' | BuildPhase

/** How long a build may take, in milliseconds. */
export interface BuildTimes {
  phaseMs: Record<TimedPhase, number>
  /** Without a word: a command that waits for input, or that starts a server, never ends. */
  silenceMs: number
}

const minutes = (count: number) => count * 60_000

export const buildTimes: BuildTimes = {
  phaseMs: {
    fetching: minutes(5),
    resolving: minutes(10),
    installing: minutes(60),
    assembling: minutes(5),
    verifying: minutes(5),
  },
  silenceMs: minutes(15),
}

/** Why the clock ended a build. */
export class BuildTimedOut extends Error {
  override readonly name = 'BuildTimedOut'
  readonly code: 'timed-out' | 'silent'

  constructor(code: BuildTimedOut['code'], message: string) {
    super(message)
    this.code = code
  }
}

const doing: Record<TimedPhase, string> = {
  fetching: 'Fetching the code',
  resolving: 'Finding the versions of packages',
  installing: 'Installing packages',
  assembling: 'Putting the image together',
  verifying: 'Checking the image',
}

/** Aborts with BuildTimedOut when the build, one of its phases, or the silence in its log gets too long. */
export function createBuildClock(end: AbortController, totalMs: number, { phaseMs, silenceMs }: BuildTimes) {
  const timers = new Map<'total' | 'phase' | 'silence', NodeJS.Timeout>()

  function set(name: 'total' | 'phase' | 'silence', ms: number, ended: BuildTimedOut) {
    clearTimeout(timers.get(name))
    timers.set(
      name,
      setTimeout(() => end.abort(ended), ms),
    )
  }

  set(
    'total',
    totalMs,
    new BuildTimedOut('timed-out', `It took longer than ${lengthOf(totalMs)}, the limit of the app.`),
  )
  const clock = {
    enter(phase: TimedPhase) {
      const limit = phaseMs[phase]
      set('phase', limit, new BuildTimedOut('timed-out', `${doing[phase]} took longer than ${lengthOf(limit)}.`))
      clock.heard()
    },
    /** A line was printed. */
    heard() {
      set('silence', silenceMs, new BuildTimedOut('silent', `Nothing was printed for ${lengthOf(silenceMs)}.`))
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
  clock.enter('fetching')
  return clock
}

export type BuildClock = ReturnType<typeof createBuildClock>

const lengthOf = (ms: number) => (ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`)
