import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Account } from '@rserve-proxy/contract/users.ts'
import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { ids, page, user as person } from '../../../test/fixtures.ts'
import { expectAccessible, heading, renderPage, signedInApi } from '../../../test/render-page.tsx'

const account = (given: Partial<Account> = {}): Account => ({
  ...person({ id: ids.other, username: 'mateo', displayName: null }),
  email: null,
  disabled: false,
  apps: 0,
  createdAt: '2026-05-03T12:00:00.000Z',
  lastSeenAt: null,
  ...given,
})

const admin = person({ role: 'admin' })

async function open(items: Account[]) {
  const api = signedInApi()
    .on('GET /api/auth/me', () => ({ user: admin, email: null, via: 'session' as const, singleOrigin: false }))
    .on('GET /api/apps', () => page([]))
    .on('GET /api/users', () => page(items))
  const view = renderPage('/users')
  await heading('Users')
  return { api, ...view }
}

const button = (name: string) => screen.getByRole('button', { name })

describe('users', () => {
  it('make accounts, and show what is wrong at its field', async () => {
    const { api, user } = await open([account({ ...admin })])
    api.on('POST /api/users', () => {
      throw new Problem('username-taken', { detail: 'Choose another name.' })
    })
    await user.click(button('New user'))
    await user.type(screen.getByLabelText('Name'), 'mateo')
    await user.type(screen.getByLabelText('Password'), 'a few words are best')
    await user.click(button('Make account'))
    expect((await screen.findByRole('alert')).textContent).toContain('This name is taken')
    await expectAccessible()
    api.on('POST /api/users', () => account())
    await user.click(button('Make account'))
    await screen.findByText('The account is made.')
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('say why a verb is not possible', async () => {
    const { user } = await open([account({ ...admin }), account({ apps: 2 })])
    await user.click(button('More for ana'))
    expect(screen.getByRole('menuitem', { name: /Disable/ }).textContent).toContain('This is your own account')
    await user.keyboard('{Escape}')
    await user.click(button('More for mateo'))
    const menu = within(screen.getByRole('menu', { name: 'Verbs of mateo' }))
    expect(menu.getByRole('menuitem', { name: /Delete/ }).textContent).toContain('Owns 2 apps: hand them over first')
    await expectAccessible()
  })

  it('disable after a question', async () => {
    const { api, user } = await open([account()])
    api.on('PATCH /api/users/:userId', () => account({ disabled: true }))
    await user.click(button('More for mateo'))
    await user.click(screen.getByRole('menuitem', { name: 'Disable' }))
    await user.click(button('Disable account'))
    await screen.findByText('mateo is disabled.')
    expect(api.received('PATCH /api/users/:userId')[0]?.body).toEqual({ disabled: true })
  })

  it('are not for who is no admin, and the page says so', async () => {
    signedInApi()
      .on('GET /api/apps', () => page([]))
      .on('GET /api/users', () => {
        throw new Problem('not-allowed', { detail: 'Only an admin may do this.' })
      })
    renderPage('/users')
    expect((await screen.findByRole('alert')).textContent).toContain('Only an admin may do this.')
    await expectAccessible()
  })

  it('are not for who is no admin: the way there is not offered', async () => {
    signedInApi().on('GET /api/apps', () => page([]))
    renderPage('/apps')
    await heading('Apps')
    expect(screen.queryByRole('link', { name: 'Users' })).toBeNull()
  })
})
