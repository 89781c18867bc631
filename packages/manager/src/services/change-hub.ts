import { EventEmitter, once } from 'node:events'

/** Tells waiters in this process that something of an app changed. Carries no truth: they read the row again. */
export interface ChangeHub {
  changed(appId: string): void
  /** Resolves at the next change, or after `timeoutMs`; rejects when the signal fires. */
  next(appId: string, timeoutMs: number, signal: AbortSignal): Promise<void>
}

export function createChangeHub(): ChangeHub {
  const emitter = new EventEmitter()
  emitter.setMaxListeners(0)
  return {
    changed(appId) {
      emitter.emit(appId)
    },
    async next(appId, timeoutMs, signal) {
      const timeout = AbortSignal.timeout(timeoutMs)
      await once(emitter, appId, { signal: AbortSignal.any([signal, timeout]) }).catch((error: unknown) => {
        if (!timeout.aborted || signal.aborted) throw error
      })
    },
  }
}
