import { EventEmitter, once } from 'node:events'

/** Tells waiters in this process that something changed. Carries no truth: they read again. */
export interface ChangeHub {
  changed(appId: string): void
  /** The engine stopped answering, or answers again. */
  engineChanged(): void
  /** Resolves at the app's next change, or after `timeoutMs`; rejects when the signal fires. */
  next(appId: string, timeoutMs: number, signal: AbortSignal): Promise<void>
  /** Called at every change, with an app's id or `engine`. */
  onChange(listener: (subject: string) => void): void
  /** Resolves at the next change of anything; rejects when the signal fires. */
  any(signal: AbortSignal): Promise<void>
}

export const engineSubject = 'engine'
const anything = '*'

export function createChangeHub(): ChangeHub {
  const emitter = new EventEmitter()
  emitter.setMaxListeners(0)

  function tell(subject: string) {
    emitter.emit(anything, subject)
    emitter.emit(subject)
  }

  return {
    changed: tell,
    engineChanged: () => tell(engineSubject),
    async next(appId, timeoutMs, signal) {
      const timeout = AbortSignal.timeout(timeoutMs)
      await once(emitter, appId, { signal: AbortSignal.any([signal, timeout]) }).catch((error: unknown) => {
        if (!timeout.aborted || signal.aborted) throw error
      })
    },
    onChange: (listener) => void emitter.on(anything, listener),
    async any(signal) {
      await once(emitter, anything, { signal })
    },
  }
}
