import type Dockerode from 'dockerode'
import type { AppContainer } from './app-container.ts'
import { runInside } from './run-inside.ts'

/** Its probe looks for this file; the entrypoint removes it at every start. */
const mark = '/tmp/.draining'
/** The probe needs three looks of five seconds before the engine believes it. */
const askAgainMs = 30_000

/** Tells a running replica to refuse new visitors, or to take them again. Asked twice is asked once. */
export function createDrainMarks({ docker, now }: { docker: Dockerode; now: () => number }) {
  const askedAt = new Map<string, number>()
  return {
    async set({ id }: AppContainer, signal: AbortSignal) {
      if (now() - (askedAt.get(id) ?? Number.NEGATIVE_INFINITY) < askAgainMs) return
      await runInside(docker, id, ['touch', mark], signal)
      askedAt.set(id, now())
    },
    forget: (id: string) => void askedAt.delete(id),
    async clear({ id }: AppContainer, signal: AbortSignal) {
      askedAt.delete(id)
      await runInside(docker, id, ['rm', '-f', mark], signal)
    },
  }
}
export type DrainMarks = ReturnType<typeof createDrainMarks>
