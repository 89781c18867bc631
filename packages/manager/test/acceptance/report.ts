/** One HTTP request of the load, times in milliseconds since 1970. */
export interface Visit {
  at: number
  ms: number
  /** What the app's code answered; undefined: the request failed. */
  value: number | undefined
  /** Of a failed request: status or error. */
  trouble?: string
}

/** One WebSocket that called R each second. */
export interface Session {
  openedAt: number
  closedAt: number
  calls: number
  /** Every value that its calls answered. */
  values: number[]
  /** It was left by its client, cut by the server, or never opened. */
  ending: 'left' | 'cut' | 'refused'
  trouble?: string
}

export interface LoadReport {
  visits: Visit[]
  sessions: Session[]
}

/** From when the app's code answers `value`: asked for at `from`, live at `liveAt`. */
export interface Epoch {
  value: number
  from: number
  liveAt: number
}

export interface Verdict {
  requests: number
  failedRequests: number
  calls: number
  brokenSessions: number
  endedByLimit: number
  /** Answers of code that was no longer, or not yet, to be seen by new visitors. */
  wrongAnswers: number
  slowestMs: number
  /** The first few, to be read. */
  examples: string[]
}

/** So long a replica that is to leave may still get visitors; each of them has the whole limit. */
const routeOutMs = 20_000
/** A look at the clock and a step of the reconciler lie between the limit and the cut. */
const limitSlackMs = 3_000

/** What happened to the app meanwhile. */
export interface History {
  epochs: Epoch[]
  /** When replicas were taken away. */
  scaledInAt: number[]
  /** A session may be cut so long after its code was replaced, or its replica was asked to leave. */
  drainMs: number
}

/** Pure: what a load has met, given what was done. */
export function judge({ visits, sessions }: LoadReport, history: History): Verdict {
  const { epochs } = history
  const failed = visits.filter(({ value }) => value === undefined)
  const wrongVisits = visits.filter(({ at, value }) => value !== undefined && !allowedAt(epochs, at).includes(value))
  const wrongSessions = sessions.filter(
    ({ openedAt, values }) =>
      new Set(values).size > 1 || values.slice(0, 1).some((value) => !allowedAt(epochs, openedAt).includes(value)),
  )
  const lost = sessions.filter(({ ending }) => ending !== 'left')
  const byLimit = lost.filter((session) => isCutByLimit(session, history))
  const broken = lost.filter((session) => !byLimit.includes(session))
  return {
    requests: visits.length,
    failedRequests: failed.length,
    calls: sessions.reduce((sum, { calls }) => sum + calls, 0),
    brokenSessions: broken.length,
    endedByLimit: byLimit.length,
    wrongAnswers: wrongVisits.length + wrongSessions.length,
    slowestMs: Math.max(0, ...visits.map(({ ms }) => ms)),
    examples: [
      ...failed.slice(0, 5).map(({ at, trouble }) => `${clock(at)} request: ${trouble}`),
      ...broken.slice(0, 5).map(({ closedAt, ending, trouble }) => `${clock(closedAt)} session ${ending}: ${trouble}`),
      ...wrongVisits.slice(0, 5).map(({ at, value }) => `${clock(at)} answered by code ${value}`),
      ...wrongSessions.slice(0, 5).map(({ openedAt, values }) => `${clock(openedAt)} session of code ${values}`),
    ],
  }
}

/** The live code, and one that is on its way: whichever the proxy chose first. */
function allowedAt(epochs: Epoch[], at: number): number[] {
  const live = epochs.findLast(({ liveAt }) => liveAt <= at)
  const coming = epochs.filter(({ from, liveAt }) => from <= at && at < liveAt)
  return [...(live ? [live] : []), ...coming].map(({ value }) => value)
}

function isCutByLimit({ ending, values, openedAt, closedAt }: Session, { epochs, scaledInAt, drainMs }: History) {
  const own = epochs.findLastIndex(({ value, from }) => value === values[0] && from <= openedAt + limitSlackMs)
  const successor = own >= 0 ? epochs[own + 1] : undefined
  const begins = [...scaledInAt.filter((at) => openedAt < at + routeOutMs), ...(successor ? [successor.from] : [])]
  return ending === 'cut' && begins.some((at) => closedAt >= Math.max(at, openedAt) + drainMs - limitSlackMs)
}

const clock = (at: number) => new Date(at).toISOString().slice(11, 23)
