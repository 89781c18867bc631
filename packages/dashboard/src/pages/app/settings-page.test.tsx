import { Problem } from '@rserve-proxy/contract/problems.ts'
import { act, screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { FakeEventSource } from '../../../test/fake-event-source.ts'
import { app, ids } from '../../../test/fixtures.ts'
import { openApp, verb } from '../../../test/open-app.tsx'
import { expectAccessible, heading } from '../../../test/render-page.tsx'

const mateo = { user: { id: ids.other, username: 'mateo' }, role: 'viewer' as const }

describe('settings', () => {
  const openSettings = async (given = app()) => {
    const view = openApp(given, '/settings')
    view.api
      .on('GET /api/runtimes', () => ({ items: [{ rVersion: '4.5.0' }] }))
      .on('GET /api/apps/:appId/collaborators', () => ({ items: [mateo] }))
      .on('GET /api/credentials', () => ({ items: [] }))
    await screen.findByLabelText('Name')
    return { ...view, save: () => view.user.click(verb('Save')) }
  }

  it('saves what changed, for the version it began with', async () => {
    const { api, user, save } = await openSettings()
    await expectAccessible()
    api.on('PUT /api/apps/:appId', () =>
      app({ version: 4, packages: [], pendingSettings: ['packages'], resources: { memoryBytes: 2 ** 29 } }),
    )
    await user.type(screen.getByLabelText(/Memory/), '512')
    await user.click(verb('Remove forecast'))
    await save()
    await screen.findByText('Saved, not live yet.')
    const [sent] = api.received('PUT /api/apps/:appId')
    expect(sent?.body).toEqual({ packages: [], resources: { memoryBytes: 2 ** 29 } })
    expect(sent?.headers.get('if-match')).toBe('"3"')
  })

  it('says when nothing changed', async () => {
    const { api, save } = await openSettings()
    await save()
    await screen.findByText('Nothing changed.')
    expect(api.received('PUT /api/apps/:appId')).toEqual([])
  })

  it('loads what is stored when somebody saved meanwhile', async () => {
    const { api, user, save, refresh } = await openSettings()
    api.on('PUT /api/apps/:appId', () => {
      throw new Problem('changed-meanwhile')
    })
    await user.type(screen.getByLabelText('Name'), ' 2')
    await save()
    await screen.findByText('Somebody saved other settings meanwhile')
    await expectAccessible()
    api.on('GET /api/apps/:appId', () => app({ version: 9, name: 'Theirs' }))
    await act(refresh)
    await user.click(verb('Load what is stored'))
    expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('Theirs')
  })

  it('shows what the manager refuses at its field', async () => {
    const { api, user, save } = await openSettings()
    api.on('PUT /api/apps/:appId', () => {
      throw new Problem('invalid-request', { errors: [{ path: 'resources.cpus', message: 'must be >= 0.1' }] })
    })
    await user.type(screen.getByLabelText(/Processors/), '0.5')
    await save()
    expect((await screen.findAllByText('Must be >= 0.1')).length).toBeGreaterThan(0)
    expect(screen.getByLabelText(/Processors/).getAttribute('aria-invalid')).toBe('true')
  })

  it('changes where the code comes from', async () => {
    const { api, user, save } = await openSettings()
    api.on('PUT /api/apps/:appId', () => app({ version: 4 }))
    await user.selectOptions(screen.getByLabelText('It comes from'), 'git')
    await user.type(screen.getByLabelText('Repository'), 'https://git.example.org/team/forecast')
    await user.type(screen.getByLabelText(/Branch/), 'main')
    await save()
    await screen.findByText('Saved.')
    expect(api.received('PUT /api/apps/:appId')[0]?.body).toEqual({
      codeSource: { type: 'git', repoUrl: 'https://git.example.org/team/forecast', branch: 'main' },
    })
  })

  it('shares the app, and says who cannot be found', async () => {
    const { api, user } = await openSettings()
    api.on('PUT /api/apps/:appId/collaborators', () => {
      throw new Problem('user-not-found', { detail: 'Nobody is called so.' })
    })
    await user.click(verb('Share'))
    const dialog = within(screen.getByRole('dialog', { name: 'Share Forecast' }))
    await user.type(dialog.getByLabelText('User name'), 'priya')
    await user.click(dialog.getByRole('button', { name: 'Share' }))
    expect((await screen.findByRole('alert')).textContent).toContain('No such user')
    api.on('PUT /api/apps/:appId/collaborators', () => ({ items: [mateo] }))
    await user.click(dialog.getByRole('button', { name: 'Share' }))
    await screen.findByText('Shared.')
    expect(api.received('PUT /api/apps/:appId/collaborators').at(-1)?.body).toEqual({
      username: 'priya',
      role: 'viewer',
    })
  })

  it('lets a viewer leave, and nothing else', async () => {
    const { api, user } = await openSettings(app({ right: 'view', owner: { id: ids.app, username: 'zoe' } }))
    expect(verb('Save').getAttribute('aria-disabled')).toBe('true')
    expect(verb('Share').getAttribute('aria-disabled')).toBe('true')
    api
      .on('GET /api/apps/:appId/collaborators', () => ({
        items: [{ user: { id: ids.user, username: 'ana' }, role: 'viewer' as const }],
      }))
      .on('DELETE /api/apps/:appId/collaborators', () => null)
    const feed = await FakeEventSource.to('/api/events')
    await feed.tell('app', app({ right: 'view', owner: { id: ids.app, username: 'zoe' } }))
    await user.click(await screen.findByRole('button', { name: 'Leave Forecast' }))
    await heading('Apps')
    expect(api.received('DELETE /api/apps/:appId/collaborators')[0]?.querystring).toEqual({ userId: ids.user })
  })

  it('asks before unsaved changes are left', async () => {
    const { user } = await openSettings()
    await user.type(screen.getByLabelText('Name'), ' 2')
    await user.click(screen.getByRole('link', { name: 'Logs' }))
    await screen.findByRole('dialog', { name: 'Leave without saving?' })
    await user.click(verb('Stay here'))
    expect(screen.queryByRole('dialog')).toBeNull()
    await user.click(screen.getByRole('link', { name: 'Logs' }))
    await user.click(verb('Leave'))
    await screen.findByRole('log')
  })
})
