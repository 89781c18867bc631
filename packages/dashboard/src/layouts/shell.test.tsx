import { act, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { app, deployment, ids, page, release, user } from '../../test/fixtures.ts'
import { expectAccessible, heading, renderPage, signedInApi } from '../../test/render-page.tsx'
import { singleKeys } from '../live/single-keys.ts'

const api = () => signedInApi().on('GET /api/apps', () => page([app()]))

describe('shell', () => {
  it('changes the theme at once and remembers it', async () => {
    api()
    const { user: person } = renderPage('/apps')
    await heading('Apps')
    await person.click(screen.getByRole('button', { name: /Account of\s*Ana Kovač/ }))
    expect(screen.getByRole('menuitemradio', { name: 'Theme of the system' }).getAttribute('aria-checked')).toBe('true')
    await expectAccessible()
    await person.click(screen.getByRole('menuitemradio', { name: 'Dark theme' }))
    expect(document.documentElement.dataset.theme).toBe('dark')
    expect(localStorage.getItem('theme')).toBe('dark')
  })

  it('moves through its menu by keyboard', async () => {
    api()
    const { user: person } = renderPage('/apps')
    await heading('Apps')
    await person.click(screen.getByRole('button', { name: /Account of\s*Ana Kovač/ }))
    const focused = () => document.activeElement?.textContent
    expect(focused()).toBe('Profile')
    await person.keyboard('{ArrowDown}')
    expect(focused()).toBe('Theme of the system')
    await person.keyboard('{End}')
    expect(focused()).toBe('Sign out')
    await person.keyboard('d')
    expect(focused()).toBe('Dark theme')
    await person.keyboard('{Home}{ArrowUp}')
    expect(focused()).toBe('Sign out')
  })

  it('signs out', async () => {
    const signedIn = api().on('POST /api/auth/logout', () => null)
    const { user: person } = renderPage('/apps')
    await heading('Apps')
    await person.click(screen.getByRole('button', { name: /Account of\s*Ana Kovač/ }))
    await person.click(screen.getByRole('menuitem', { name: 'Sign out' }))
    await heading('Sign in to rserve-proxy')
    expect(signedIn.received('POST /api/auth/logout')).toHaveLength(1)
  })

  it('focuses the new page and announces its title', async () => {
    api()
      .on('GET /api/apps/:appId', () => app())
      .on('GET /api/apps/:appId/releases/:number', () => release())
      .on('GET /api/apps/:appId/deployments', () => page([deployment()]))
      .on('GET /api/apps/:appId/functions', () => ({ release: 12, functions: null }))
    const { user: person } = renderPage('/apps')
    await person.click(await screen.findByRole('link', { name: 'Forecast' }))
    await heading('Forecast')
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('main')))
    expect(screen.getByText('Forecast · rserve-proxy', { selector: '[aria-live]' })).toBeTruthy()
  })

  it('warns admins about one host', async () => {
    const signedIn = api().on('GET /api/auth/me', () => ({
      user: user({ role: 'admin' }),
      email: null,
      via: 'session' as const,
      singleOrigin: true,
    }))
    renderPage('/apps')
    expect(await screen.findByText(/One-host mode/)).toBeTruthy()
    expect(signedIn.received('GET /api/auth/me')).toHaveLength(1)
  })

  it('says that nothing is at an unknown address', async () => {
    api()
    renderPage('/apps/a/b/c/d')
    await heading('Nothing at this address')
    expect(screen.getByRole('link', { name: 'Go to apps' })).toBeTruthy()
    await expectAccessible()
  })

  it('jumps to an app by keyboard, and gives the focus back', async () => {
    api()
      .on('GET /api/apps/:appId', () => app())
      .on('GET /api/apps/:appId/releases/:number', () => release())
      .on('GET /api/apps/:appId/deployments', () => page([deployment()]))
      .on('GET /api/apps/:appId/functions', () => ({ release: 12, functions: null }))
    const { user: person } = renderPage('/apps')
    await heading('Apps')
    await person.keyboard('{Control>}k{/Control}')
    const field = await screen.findByRole('combobox', { name: 'Search or jump to' })
    await expectAccessible()
    field.focus()
    await person.keyboard('zzz')
    expect(screen.getByText('Nothing matches “zzz”.')).toBeTruthy()
    await person.clear(field)
    await person.keyboard('fore{Enter}')
    await heading('Forecast')
    expect(screen.queryByRole('combobox')).toBeNull()
  })

  it('does the verbs of the app whose page is open, or says why not', async () => {
    const signedIn = api()
      .on('GET /api/apps/:appId', () => app())
      .on('GET /api/apps/:appId/releases/:number', () => release())
      .on('GET /api/apps/:appId/deployments', () => page([deployment()]))
      .on('GET /api/apps/:appId/functions', () => ({ release: 12, functions: null }))
      .on('POST /api/apps/:appId/stop', () => deployment({ kind: 'stop', status: 'queued' }))
    const { user: person } = renderPage(`/apps/${ids.app}`)
    await heading('Forecast')
    await person.click(screen.getByRole('button', { name: 'Search' }))
    const start = await screen.findByRole('option', { name: /Start Forecast/ })
    expect(start.textContent).toContain('Already running')
    await person.click(screen.getByRole('option', { name: /Stop Forecast/ }))
    await person.click(await screen.findByRole('button', { name: 'Stop app' }))
    expect(signedIn.received('POST /api/apps/:appId/stop')).toHaveLength(1)
  })

  it('helps with its keys, which can be turned off', async () => {
    api()
    const { user: person } = renderPage('/apps')
    await heading('Apps')
    await person.keyboard('?')
    await screen.findByRole('dialog', { name: 'Keys' })
    await expectAccessible()
    await person.click(screen.getByRole('button', { name: 'Close' }))
    act(() => singleKeys.set('off'))
    await person.keyboard('?/')
    expect(screen.queryByRole('dialog')).toBeNull()
    act(() => singleKeys.set('on'))
  })
})
