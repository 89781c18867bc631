import { Problem } from '@rserve-proxy/contract/problems.ts'
import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { user as anybody, page } from '../../../test/fixtures.ts'
import { expectAccessible, heading, renderPage, signedInApi } from '../../../test/render-page.tsx'

async function signIn(path: string, api = signedInApi()) {
  api.on('GET /api/apps', () => page([])).on('POST /api/auth/login', () => ({ user: anybody() }))
  const { user, address } = renderPage(path)
  await user.type(await screen.findByLabelText('Name'), 'ana')
  await user.type(screen.getByLabelText('Password'), 'correct horse')
  return { api, address, submit: () => user.click(screen.getByRole('button', { name: 'Sign in' })) }
}

describe('sign in', () => {
  it('goes to where one wanted to go', async () => {
    const { api, address, submit } = await signIn('/login?next=%2Fapps%3Fshow%3Dserving')
    await expectAccessible()
    await submit()
    await heading('Apps')
    expect(address().search).toBe('?show=serving')
    expect(api.received('POST /api/auth/login')[0]?.body).toEqual({ username: 'ana', password: 'correct horse' })
  })

  it('never leaves for another origin', async () => {
    const { address, submit } = await signIn('/login?next=%2F%2Fevil.test%2F')
    await submit()
    await heading('Apps')
    expect(address().pathname).toBe('/apps')
  })

  it('says that name or password is wrong, and takes the focus there', async () => {
    const { api, submit } = await signIn('/login')
    api.on('POST /api/auth/login', () => {
      throw new Problem('wrong-credentials')
    })
    await submit()
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toBe('Name or password is wrong.')
    expect(document.activeElement).toBe(alert)
    await expectAccessible()
  })

  it('says that the manager cannot be reached', async () => {
    const { api, submit } = await signIn('/login')
    api.goDown()
    await submit()
    expect((await screen.findByRole('alert')).textContent).toContain('The manager cannot be reached.')
  })

  it('is where one lands when signed out', async () => {
    const api = signedInApi().on('GET /api/auth/me', () => {
      throw new Problem('not-signed-in')
    })
    api.on('GET /api/apps', () => page([]))
    const { address } = renderPage('/apps?q=x')
    await heading('Sign in to rserve-proxy')
    expect(address().search).toBe('?next=%2Fapps%3Fq%3Dx')
  })
})
