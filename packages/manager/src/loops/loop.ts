import { setTimeout as sleep } from 'node:timers/promises'

export interface LoopLog {
  error(fields: object, message: string): void
}

export interface LoopOptions {
  name: string
  intervalMs: number
  /** May answer how soon it wants to run again; runs never overlap. */
  run: (signal: AbortSignal) => Promise<{ againInMs: number } | undefined>
  log: LoopLog
}

export interface Loop {
  start(): void
  /** Ends the current nap; during a run the next one follows at once. */
  wake(): void
  stop(): Promise<void>
}

export function createLoop({ name, intervalMs, run, log }: LoopOptions): Loop {
  const stopping = new AbortController()
  let nap = new AbortController()
  let finished = Promise.resolve()

  async function runOnce() {
    try {
      return (await run(stopping.signal))?.againInMs ?? intervalMs
    } catch (error) {
      if (!stopping.signal.aborted) log.error({ err: error, loop: name }, 'loop run failed')
      return intervalMs
    }
  }

  async function cycle() {
    while (!stopping.signal.aborted) {
      nap = new AbortController()
      const delayMs = await runOnce()
      const woken = AbortSignal.any([stopping.signal, nap.signal])
      await sleep(delayMs, undefined, { signal: woken }).catch(() => 'woken early')
    }
  }

  return {
    start() {
      finished = cycle()
    },
    wake: () => nap.abort(),
    async stop() {
      stopping.abort()
      await finished
    },
  }
}
