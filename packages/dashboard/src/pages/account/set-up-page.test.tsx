import { Problem } from '@rserve-proxy/contract/problems.ts'
import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { user as anybody, page } from '../../../test/fixtures.ts'
import { expectAccessible, heading, renderPage, signedInApi } from '../../../test/render-page.tsx'

const newInstallation = () =>
  signedInApi()
    .on('GET /api/setup', () => ({ needed: true }))
    .on('POST /api/setup', () => ({ user: anybody() }))
    .on('GET /api/apps', () => page([]))

async function fillIn({ user }: ReturnType<typeof renderPage>) {
  await user.type(await screen.findByLabelText('Name'), 'ada')
  await user.type(screen.getByLabelText('Password'), 'correct horse battery')
  await user.click(screen.getByRole('button', { name: 'Make admin and sign in' }))
}

describe('set up', () => {
  it('makes the first admin with the token of the link, and goes on to the apps', async () => {
    const api = newInstallation()
    const opened = renderPage('/setup#the-token')
    await heading('Set up rserve-proxy')
    await expectAccessible()
    await fillIn(opened)
    await heading('Apps')
    expect(api.received('POST /api/setup')[0]?.body).toEqual({
      token: 'the-token',
      username: 'ada',
      password: 'correct horse battery',
    })
  })

  it('asks for the code when the link came without', async () => {
    newInstallation()
    renderPage('/setup')
    expect(await screen.findByLabelText('Set-up code')).toBeTruthy()
  })

  it('says what is wrong, at the field or above, and keeps the token', async () => {
    const api = newInstallation().on('POST /api/setup', () => {
      throw new Problem('invalid-request', {
        errors: [{ path: 'password', message: 'is one of the most common ones' }],
      })
    })
    const opened = renderPage('/setup#the-token')
    await fillIn(opened)
    expect(await screen.findByText('Is one of the most common ones')).toBeTruthy()
    await opened.user.click(screen.getByRole('button', { name: 'Make admin and sign in' }))
    expect(api.received('POST /api/setup')[1]?.body).toMatchObject({ token: 'the-token' })
  })

  it('is over once there is a user', async () => {
    newInstallation().on('GET /api/setup', () => ({ needed: false }))
    renderPage('/setup#the-token')
    await heading('Apps')
  })
})

it('signing in tells where to begin while nobody can', async () => {
  newInstallation()
  renderPage('/login')
  expect((await screen.findByRole('status')).textContent).toContain('Open the set-up link')
})
