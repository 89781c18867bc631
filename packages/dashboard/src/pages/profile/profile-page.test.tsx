import type { LoginSession } from '@rserve-proxy/contract/login-sessions.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { ids, page, user as person } from '../../../test/fixtures.ts'
import { expectAccessible, heading, renderPage, signedInApi } from '../../../test/render-page.tsx'

const session = (given: Partial<LoginSession> = {}): LoginSession => ({
  id: ids.other,
  createdAt: '2026-05-03T12:00:00.000Z',
  lastSeenAt: '2026-05-03T12:00:00.000Z',
  expiresAt: '2026-06-03T12:00:00.000Z',
  address: '198.51.100.7',
  browser: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  current: false,
  ...given,
})

async function open() {
  const api = signedInApi()
    .on('GET /api/apps', () => page([]))
    .on('GET /api/auth/sessions', () => ({ items: [session({ id: ids.app, current: true }), session()] }))
    .on('GET /api/credentials', () => ({ items: [] }))
  const view = renderPage('/profile')
  await heading('Profile')
  return { api, ...view }
}

const button = (name: string) => screen.getByRole('button', { name })

describe('profile', () => {
  it('shows where one is signed in, and ends the others only', async () => {
    const { api, user } = await open()
    expect(screen.getByText('This browser')).toBeTruthy()
    expect(screen.getAllByRole('button', { name: /End Firefox/ })).toHaveLength(1)
    await expectAccessible()
    api.on('DELETE /api/auth/sessions/:sessionId', () => null)
    await user.click(button('End Firefox on Linux'))
    await screen.findByText('That browser is signed out.')
    expect(api.received('DELETE /api/auth/sessions/:sessionId')[0]?.params).toEqual({ sessionId: ids.other })
  })

  it('saves names, and the side bar follows', async () => {
    const { api, user } = await open()
    const me = { user: person({ displayName: 'Ana K.' }), email: null, via: 'session' as const, singleOrigin: false }
    api.on('PATCH /api/auth/me', () => me).on('GET /api/auth/me', () => me)
    await user.clear(screen.getByLabelText(/Display name/))
    await user.type(screen.getByLabelText(/Display name/), 'Ana K.')
    await user.click(button('Save'))
    await screen.findByText('Saved.')
    expect(api.received('PATCH /api/auth/me')[0]?.body).toEqual({ displayName: 'Ana K.', email: null })
    expect(screen.getByRole('button', { name: /Account of\s*Ana K\./ })).toBeTruthy()
  })

  it('changes the password, and says at once what is wrong with it', async () => {
    const { api, user } = await open()
    api.on('PUT /api/auth/password', () => {
      throw new Problem('current-password-wrong', { detail: 'Give the one you signed in with.' })
    })
    await user.type(screen.getByLabelText('Current password'), 'before')
    await user.type(screen.getByLabelText('New password'), 'a few words are best')
    await user.click(button('Change password'))
    expect((await screen.findByRole('alert')).textContent).toContain('The current password is wrong')
    api.on('PUT /api/auth/password', () => null)
    await user.click(button('Change password'))
    await screen.findByText(/^Changed\./)
    await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('Current password').value).toBe(''))
  })
})
