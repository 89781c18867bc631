import { expect, it } from 'vitest'
import { type Epoch, judge, type Session, type Visit } from './report.ts'

const epochs: Epoch[] = [
  { value: 1, from: 0, liveAt: 0 },
  { value: 2, from: 10_000, liveAt: 15_000 },
]
const visit = (at: number, value: number | undefined): Visit => ({ at, ms: 5, value })
const session = (change: Partial<Session>): Session => ({
  ...{ openedAt: 1_000, closedAt: 30_000, calls: 3, values: [1, 1, 1], ending: 'left' },
  ...change,
})
const judged = (visits: Visit[], sessions: Session[] = []) =>
  judge({ visits, sessions }, { epochs, scaledInAt: [200_000], drainMs: 60_000 })

it('takes either code during a switch, and only the new one once it is live', () => {
  const visits = [visit(9_000, 1), visit(11_000, 1), visit(11_000, 2), visit(15_000, 2)]
  expect(judged(visits)).toMatchObject({ requests: 4, failedRequests: 0, wrongAnswers: 0 })
  expect(judged([visit(9_000, 2), visit(15_001, 1)])).toMatchObject({ wrongAnswers: 2 })
})

it('counts failed requests', () => {
  expect(judged([visit(1, undefined), visit(2, 1)])).toMatchObject({ requests: 2, failedRequests: 1 })
})

it('lets a session keep its code, and cuts none before the drain limit', () => {
  expect(judged([], [session({})])).toMatchObject({ calls: 3, brokenSessions: 0, wrongAnswers: 0 })
  expect(judged([], [session({ values: [1, 2] })])).toMatchObject({ wrongAnswers: 1 })
  expect(judged([], [session({ ending: 'cut', closedAt: 40_000 })])).toMatchObject({ brokenSessions: 1 })
  const late = session({ ending: 'cut', closedAt: 75_000 })
  expect(judged([], [late])).toMatchObject({ brokenSessions: 0, endedByLimit: 1 })
  const scaledIn = { openedAt: 100_000, values: [2], ending: 'cut' as const }
  expect(judged([], [session({ ...scaledIn, closedAt: 261_000 })])).toMatchObject({ endedByLimit: 1 })
  expect(judged([], [session({ ...scaledIn, closedAt: 230_000 })])).toMatchObject({ brokenSessions: 1 })
  expect(judged([], [session({ openedAt: 16_000, values: [1] })])).toMatchObject({ wrongAnswers: 1 })
  expect(judged([], [session({ ending: 'refused', values: [] })])).toMatchObject({ brokenSessions: 1 })
})
