import { Problem } from '@rserve-proxy/contract/problems.ts'
import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { app } from '../../../test/fixtures.ts'
import { openApp, verb } from '../../../test/open-app.tsx'
import { expectAccessible } from '../../../test/render-page.tsx'

describe('sessions', () => {
  const session = (id: string, replica: number) => ({
    ...{
      id,
      replica,
      replicaId: `r${replica}`,
      generation: 12,
      ageSeconds: 72,
      memoryBytes: 40 * 2 ** 20,
      cpuSeconds: 3,
    },
  })

  it('lists them, keeps the replica in the address, and ends one', async () => {
    const { api, user, address } = openApp(app({ sessions: 2 }), '/sessions')
    api.on('GET /api/apps/:appId/sessions', () => ({ items: [session('a', 1), session('b', 2)] }))
    await screen.findByText('2 sessions')
    await expectAccessible()
    await user.selectOptions(screen.getByLabelText('Replica'), '2')
    await screen.findByText('1 session')
    expect(address().search).toBe('?replica=2')
    api.on('DELETE /api/apps/:appId/sessions/:sessionId', () => null)
    await user.click(verb('End the session of 1 min 12 s ago'))
    await screen.findByText('The session has ended.')
    expect(api.received('DELETE /api/apps/:appId/sessions/:sessionId')[0]?.params.sessionId).toBe('b')
  })

  it('ends all after a question, also those that have left meanwhile', async () => {
    const { api, user } = openApp(app({ sessions: 2 }), '/sessions')
    api
      .on('GET /api/apps/:appId/sessions', () => ({ items: [session('a', 1), session('b', 1)] }))
      .on('DELETE /api/apps/:appId/sessions/:sessionId', ({ params }) => {
        if (params.sessionId === 'a') throw new Problem('session-not-found')
        return null
      })
    await user.click(await screen.findByRole('button', { name: 'End all' }))
    const dialog = within(screen.getByRole('dialog', { name: 'End 2 sessions?' }))
    await user.click(dialog.getByRole('button', { name: 'End all' }))
    await screen.findByText('The sessions have ended.')
  })

  it('offers a snippet when nobody is connected', async () => {
    const { api } = openApp(app(), '/sessions')
    api.on('GET /api/apps/:appId/sessions', () => ({ items: [] }))
    await screen.findByText('Nobody is connected.')
    expect(screen.getByRole('region', { name: /How to call it/ })).toBeTruthy()
    await expectAccessible()
  })
})
