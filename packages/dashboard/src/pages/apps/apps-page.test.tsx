import { Problem } from '@rserve-proxy/contract/problems.ts'
import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { app, deployment, draftApp, failure, ids, page } from '../../../test/fixtures.ts'
import { expectAccessible, heading, renderPage, signedInApi } from '../../../test/render-page.tsx'

const failed = app({
  id: ids.other,
  name: 'Clinical report',
  slug: 'clinical-report',
  statusDetail: 'v13 failed: the code does not load',
  deployment: deployment({ appId: ids.other, status: 'failed', release: 13, failure: failure() }),
})

const rowOf = async (name: string) => {
  const link = await screen.findByRole('link', { name })
  const row = link.closest('tr')
  if (!row) throw new Error(`${name} is in no row`)
  return within(row)
}

describe('apps', () => {
  it('says what runs and what needs attention', async () => {
    const api = signedInApi().on('GET /api/apps', () => page([failed, app()]))
    renderPage('/apps')
    await heading('Apps')
    expect(screen.getByText('1 needs attention.')).toBeTruthy()
    const row = await rowOf('Clinical report')
    expect(row.getByText('Running v12')).toBeTruthy()
    expect(row.getByText('v13 failed: the code does not load')).toBeTruthy()
    expect(row.getByRole('link', { name: 'Fix and deploy' })).toBeTruthy()
    expect(api.received('GET /api/apps')[0]?.querystring).toEqual({ sort: 'need', limit: '100' })
    expect(document.title).toBe('Apps · rserve-proxy')
    await expectAccessible()
  })

  it('offers a way in when there are none', async () => {
    signedInApi().on('GET /api/apps', () => page([]))
    renderPage('/apps')
    await screen.findByText('Put R code at an address.')
    expect(screen.getByRole('link', { name: 'From git' }).getAttribute('href')).toBe('/apps/new?from=git')
    await expectAccessible()
  })

  it('keeps filter and group in the address', async () => {
    const api = signedInApi().on('GET /api/apps', ({ querystring }) => page(querystring.q ? [] : [failed, app()]))
    const { user, address } = renderPage('/apps')
    await user.click(await screen.findByRole('link', { name: 'Need attention 1' }))
    await waitFor(() => expect(screen.queryByRole('link', { name: 'Forecast' })).toBeNull())
    await user.keyboard('/')
    await user.keyboard('zzz')
    await screen.findByText('Nothing matches “zzz”.')
    expect(address().search).toBe('?q=zzz&show=attention')
    expect(api.received('GET /api/apps').at(-1)?.querystring.q).toBe('zzz')
    await expectAccessible()
    await user.click(screen.getByRole('link', { name: 'Clear' }))
    await rowOf('Forecast')
  })

  it('starts a stopped app from its row and goes to watch it', async () => {
    const stopped = app({ status: 'stopped', desiredState: 'stopped', release: null })
    const starting = deployment({ kind: 'start', status: 'starting' })
    const api = signedInApi()
      .on('GET /api/apps', () => page([stopped]))
      .on('POST /api/apps/:appId/start', () => starting)
      .on('GET /api/apps/:appId', () => stopped)
      .on('GET /api/apps/:appId/deployments/:deploymentId', () => starting)
    const { user } = renderPage('/apps')
    await user.click((await rowOf('Forecast')).getByRole('button', { name: 'Start' }))
    await heading('Starting v12')
    expect(api.received('POST /api/apps/:appId/start')).toHaveLength(1)
  })

  it('says in the menu why a verb is not possible', async () => {
    signedInApi().on('GET /api/apps', () => page([draftApp()]))
    const { user } = renderPage('/apps')
    await user.click((await rowOf('Forecast')).getByRole('button', { name: 'More for Forecast' }))
    const start = screen.getByRole('menuitem', { name: /Start/ })
    expect(start.getAttribute('aria-disabled')).toBe('true')
    expect(start.textContent).toContain('Upload code first')
    expect(screen.getByRole('menuitem', { name: /Restart/ }).textContent).toContain('Nothing was built yet')
    expect(screen.getByRole('menuitem', { name: /Stop/ }).textContent).toContain('Not running')
    await expectAccessible()
  })

  it('tells once, in a toast, that a verb failed', async () => {
    signedInApi()
      .on('GET /api/apps', () => page([app({ status: 'stopped', desiredState: 'stopped' })]))
      .on('POST /api/apps/:appId/start', () => {
        throw new Problem('app-busy', { detail: 'A deployment runs.' })
      })
    const { user } = renderPage('/apps')
    await user.click((await rowOf('Forecast')).getByRole('button', { name: 'Start' }))
    expect(await screen.findByText('The app is busy. A deployment runs.')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Copy id' })).toBeTruthy()
    await expectAccessible()
  })

  it('keeps what it shows when a refresh fails, with its time', async () => {
    const api = signedInApi().on('GET /api/apps', () => page([app()]))
    const { refresh } = renderPage('/apps')
    await rowOf('Forecast')
    api.goDown()
    await act(refresh)
    await rowOf('Forecast')
    expect(screen.getByText(/Reconnecting, as of \d\d:\d\d/)).toBeTruthy()
    api.comeBack()
    await act(refresh)
    expect(screen.getByText('Live')).toBeTruthy()
  })

  it('offers to try again when there is nothing to show', async () => {
    const api = signedInApi().on('GET /api/apps', () => {
      throw new Problem('database-unavailable')
    })
    const { user } = renderPage('/apps')
    await screen.findByRole('alert')
    expect(screen.getByText('req-7f3a')).toBeTruthy()
    await expectAccessible()
    api.on('GET /api/apps', () => page([app()]))
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await rowOf('Forecast')
  })

  it('does not move rows under the pointer', async () => {
    const api = signedInApi().on('GET /api/apps', () => page([app(), failed]))
    const { user, refresh } = renderPage('/apps')
    await user.hover(await screen.findByRole('link', { name: 'Forecast' }))
    api.on('GET /api/apps', () => page([failed, app()]))
    await act(refresh)
    const names = () => screen.getAllByRole('rowheader').map((cell) => cell.textContent)
    expect(names()[0]).toContain('Forecast')
    await user.unhover(screen.getByRole('table'))
    expect(names()[0]).toContain('Clinical report')
  })
})
