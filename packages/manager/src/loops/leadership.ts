export interface LeadershipDeps {
  /** True while this process holds the lock of the one active manager; throws when the database does not answer. */
  lead: () => Promise<boolean>
  /** Before this process acts as the active manager. */
  prepare: () => Promise<void>
  /** It acts from now on. */
  begun: () => void
  /** Another one is active now; the signals of the term have fired. */
  ended: () => Promise<void>
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
}

/** Why the work of a term ends. */
export const termEnded = new DOMException('Another manager is the active one', 'AbortError')

/**
 * One active manager per database. While the database is silent the term goes on: nobody can act without it, and a
 * lock that was lost meanwhile is noticed with its first answer.
 */
export function createLeadership({ lead, prepare, begun, ended, log }: LeadershipDeps) {
  let term: AbortController | undefined
  let hasSaid = false

  async function begin() {
    await prepare()
    term = new AbortController()
    hasSaid = false
    log.info({}, 'this is the active manager')
    begun()
  }

  async function end() {
    term?.abort(termEnded)
    term = undefined
    await ended()
  }

  return {
    isLeading: () => term !== undefined,
    async run(): Promise<undefined> {
      const leads = await lead()
      if (leads && !term) return void (await begin())
      if (leads) return
      if (term) await end()
      if (!hasSaid) log.warn({}, 'another manager is the active one: this one only reads')
      hasSaid = true
    },
    /** Runs `act` with a signal that fires with `stopping` and with the term; `standBy` while another one leads. */
    during<T>(act: (signal: AbortSignal) => Promise<T>, standBy: (signal: AbortSignal) => Promise<T>) {
      return (stopping: AbortSignal) => (term ? act(AbortSignal.any([stopping, term.signal])) : standBy(stopping))
    },
  }
}
export type Leadership = ReturnType<typeof createLeadership>
