import type { Spawner, WatchHint } from '../spawner/spawner.ts'

export interface FollowerDeps {
  spawner: Pick<Spawner, 'watch'>
  /** Every hint means "look again"... */
  lookAgain: () => void
  /** ...and some tell how a replica died. */
  onHint: (hint: WatchHint, signal: AbortSignal) => Promise<void>
  log: { warn(fields: object, message: string): void }
}

/** Ends with the signal, after the hints that are being handled. */
export async function followEngine({ spawner, lookAgain, onHint, log }: FollowerDeps, signal: AbortSignal) {
  const handling = new Set<Promise<void>>()

  async function handle(hint: WatchHint) {
    try {
      await onHint(hint, signal)
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error, hint }, 'an event of the engine was not recorded')
    }
  }

  for await (const hint of spawner.watch(signal)) {
    lookAgain()
    const handled = handle(hint).finally(() => handling.delete(handled))
    handling.add(handled)
  }
  await Promise.all(handling)
}
