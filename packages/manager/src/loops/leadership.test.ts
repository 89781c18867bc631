import { expect, it } from 'vitest'
import { createLeadership, termEnded } from './leadership.ts'

const log = { info: () => undefined, warn: () => undefined }

function leadershipOver(answers: (boolean | Error)[]) {
  const changes: string[] = []
  const leadership = createLeadership({
    async lead() {
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return answer ?? false
    },
    prepare: async () => void changes.push(`prepare, ${leadership.isLeading()}`),
    begun: () => void changes.push('begun'),
    ended: async () => void changes.push('ended'),
    log,
  })
  return { leadership, changes }
}

it('tells each change once, and acts only when it is prepared', async () => {
  const { leadership, changes } = leadershipOver([false, false, true, true, false, true])
  for (let turn = 0; turn < 6; turn += 1) await leadership.run()
  expect(changes).toEqual(['prepare, false', 'begun', 'ended', 'prepare, false', 'begun'])
})

it('ends the work of a term with it, and that of the next with the process', async () => {
  const { leadership } = leadershipOver([true, false, true])
  const stopping = new AbortController()
  const signals: AbortSignal[] = []
  const act = leadership.during(
    async (signal) => `acts, ${signals.push(signal)}`,
    async () => 'stands by',
  )
  expect(await act(stopping.signal)).toBe('stands by')
  await leadership.run()
  await act(stopping.signal)
  await leadership.run()
  expect(signals[0]?.reason).toBe(termEnded)
  expect(await act(stopping.signal)).toBe('stands by')
  await leadership.run()
  await act(stopping.signal)
  expect(signals[1]?.aborted).toBe(false)
  stopping.abort()
  expect(signals[1]?.aborted).toBe(true)
})

it('keeps the term while the database is silent', async () => {
  const { leadership, changes } = leadershipOver([true, new Error('silent'), true])
  await leadership.run()
  await expect(leadership.run()).rejects.toThrow('silent')
  expect(leadership.isLeading()).toBe(true)
  await leadership.run()
  expect(changes).toEqual(['prepare, false', 'begun'])
})
