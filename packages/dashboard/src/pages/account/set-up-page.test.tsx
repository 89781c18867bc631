import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { System } from '@rserve-proxy/contract/system.ts'
import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { user as anybody, page } from '../../../test/fixtures.ts'
import { expectAccessible, heading, renderPage, signedInApi } from '../../../test/render-page.tsx'

const system = (findings: System['engine']['findings']): System => ({
  engine: { answers: true, unknownSince: null, version: '29', findings },
  machine: { memoryFreeBytes: 1, diskFreeBytes: 1 },
  queue: { waiting: 0, building: 0, rollingOut: 0 },
  drift: [],
  versions: { node: 'v24' },
})

const newInstallation = () =>
  signedInApi()
    .on('GET /api/setup', () => ({ needed: true }))
    .on('POST /api/setup', () => ({ user: anybody() }))
    .on('GET /api/system', () => system([{ subject: 'engine', ok: false, message: 'Docker 20 is too old' }]))
    .on('GET /api/apps', () => page([]))

async function fillIn({ user }: ReturnType<typeof renderPage>) {
  await user.type(await screen.findByLabelText('Name'), 'ada')
  await user.type(screen.getByLabelText('Password'), 'correct horse battery')
  await user.click(screen.getByRole('button', { name: 'Make admin and sign in' }))
}

describe('set up', () => {
  it('makes the first admin with the token of the link, looks whether apps can run, and goes on to the first', async () => {
    const api = newInstallation()
    const opened = renderPage('/setup#the-token')
    await heading('Set up rserve-proxy')
    await expectAccessible()
    await fillIn(opened)
    await heading('Is everything ready?')
    await screen.findByText('1 check fails: apps may not start until that is mended.')
    expect(screen.getByText('Docker 20 is too old')).toBeTruthy()
    await expectAccessible()
    api.on('GET /api/system', () => system([]))
    await opened.user.click(screen.getByRole('button', { name: 'Look again' }))
    await screen.findByText('The engine answers, and nothing is missing.')
    expect(screen.getByRole('link', { name: 'Deploy the sample' }).getAttribute('href')).toBe('/apps/new?from=sample')
    await opened.user.click(screen.getByRole('link', { name: 'Skip' }))
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
