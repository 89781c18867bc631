import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { app, deployment, page, release } from '../../../test/fixtures.ts'
import { openApp } from '../../../test/open-app.tsx'
import { expectAccessible, heading } from '../../../test/render-page.tsx'

describe('releases', () => {
  const older = release({ number: 11, isLive: false })
  const openReleases = (query = '') => {
    const view = openApp(app(), `/releases${query}`)
    view.api
      .on('GET /api/apps/:appId/releases', () =>
        page([release(), older, release({ number: 9, isLive: false, isAvailable: false })]),
      )
      .on('GET /api/apps/:appId/releases/:number/diff/:other', ({ params }) => ({
        from: Number(params.number),
        to: Number(params.other),
        revision: { from: older.revision, to: { ...release().revision, label: '7f3e2b1 on main' } },
        packages: [
          { name: 'fable', from: null, to: '0.4.1' },
          { name: 'forecast', from: '8.23.0', to: '8.24.0' },
        ],
        image: null,
        settings: [],
      }))
    return view
  }

  it('compares an older one with the live one, in the address', async () => {
    openReleases('?compare=11')
    await screen.findByRole('heading', { name: 'From v11 to v12' })
    expect(screen.getByText('fable').closest('li')?.textContent).toBe('+addedfable0.4.1')
    expect(screen.getByText('Unchanged: R version and settings.')).toBeTruthy()
    await expectAccessible()
  })

  it('shows what would change before it rolls back', async () => {
    const { api, user } = openReleases()
    await user.click(await screen.findByRole('button', { name: 'Roll back to v11' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Roll back to v11?' }))
    expect(dialog.getByText(/v11 starts beside v12/)).toBeTruthy()
    expect(api.received('GET /api/apps/:appId/releases/:number/diff/:other')[0]?.params).toMatchObject({
      number: '12',
      other: '11',
    })
    await expectAccessible()
    const back = deployment({ kind: 'rollback', status: 'starting', release: 11 })
    api
      .on('POST /api/apps/:appId/rollback', () => back)
      .on('GET /api/apps/:appId/deployments/:deploymentId', () => back)
      .on('GET /api/apps/:appId', () => app({ deployment: back }))
    await user.click(dialog.getByRole('button', { name: 'Roll back' }))
    await heading('Rolling back to v11')
    expect(api.received('POST /api/apps/:appId/rollback')[0]?.body).toEqual({ release: 11 })
  })

  it('says why an old one cannot come back', async () => {
    openReleases()
    const back = await screen.findByRole('button', { name: 'Roll back to v9' })
    expect(back.getAttribute('aria-disabled')).toBe('true')
    expect(screen.getByText('Its image was removed: only the newest are kept')).toBeTruthy()
  })
})
