import type { BuildRow } from '../repositories/deployments.ts'
import type { AppTurns } from '../services/app-turns.ts'
import { type BuildEnd, type RunBuildDeps, runBuild } from './run-build.ts'

export interface BuildWorkerDeps extends RunBuildDeps {
  /** Builds that may run at once. */
  slots: number
  turns: AppTurns
  /** Called when a build ended: its deployment may be ready, its slot is free. */
  onEnd: () => void
}

const MAX_ATTEMPTS = 2

/** The queue is the builds table; this takes from it while slots are free. */
export function createBuildWorker(deps: BuildWorkerDeps) {
  const { store, progress, owner, slots, turns, onEnd, log } = deps
  const running = new Map<string, { end: AbortController; finished: Promise<void> }>()
  let isFirstLook = true

  function start(build: BuildRow) {
    const end = new AbortController()
    const finished = turns
      .run(build.appId, () => runBuild(deps, build, end))
      .catch((error: unknown) => log.error({ err: error, buildId: build.id }, 'build could not be recorded'))
      .finally(() => {
        running.delete(build.id)
        onEnd()
      })
    running.set(build.id, { end, finished })
  }

  async function recover() {
    for (const build of await store.builds.abandoned(owner, isFirstLook)) {
      if (!running.has(build.id)) await takeUp(build)
    }
    isFirstLook = false
  }

  /** A build whose worker is gone: tried once more unless newer code waits already, then failed as interrupted. */
  async function takeUp(build: BuildRow) {
    if (build.cancelRequested) return progress.cancelled(build, build.logBytes)
    if (await store.builds.findQueued(build.appId)) return progress.superseded(build)
    if (build.attempt < MAX_ATTEMPTS) return store.builds.requeue(build.id)
    return progress.fail(build, interrupted, build.logBytes)
  }

  function abort(buildId: string) {
    running.get(buildId)?.end.abort('cancelled' satisfies BuildEnd)
  }

  /** A cancel that came before its build was known here, or through another process. */
  async function abortCancelled() {
    if (running.size === 0) return
    for (const buildId of await store.builds.cancelledOf(owner)) abort(buildId)
  }

  return {
    async run(): Promise<undefined> {
      await recover()
      await abortCancelled()
      while (running.size < slots) {
        const build = await store.builds.claimNext(owner)
        if (!build) return
        start(build)
      }
    },
    /** Ends one build that runs here, and no other. */
    abort,
    /** Ends what runs here without a result: the rows stay leased and are taken up by the next manager. */
    async stop() {
      for (const { end } of running.values()) end.abort('shutdown' satisfies BuildEnd)
      await Promise.all([...running.values()].map(({ finished }) => finished))
    },
  }
}

const interrupted = {
  code: 'interrupted' as const,
  detail: 'The manager stopped twice while this was built. Deploy again.',
  lastLines: [],
}
