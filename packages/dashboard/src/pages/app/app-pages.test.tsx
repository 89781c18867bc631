import type { App } from '@rserve-proxy/contract/apps.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { act, screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { FakeApi } from '../../../test/fake-api.ts'
import { FakeEventSource } from '../../../test/fake-event-source.ts'
import { fakeUpload } from '../../../test/fake-upload.ts'
import { app, deployment, draftApp, failure, ids, page, release, steps, upload } from '../../../test/fixtures.ts'
import { expectAccessible, heading, renderPage, signedInApi } from '../../../test/render-page.tsx'

const pending = deployment({ status: 'building', release: 13, steps: steps('build') })

function open(given: App, tab = '', deployments = given.deployment ? [given.deployment] : []) {
  const api = signedInApi()
    .on('GET /api/apps/:appId', () => given)
    .on('GET /api/apps/:appId/releases/:number', () => release())
    .on('GET /api/apps/:appId/deployments', () => page(deployments))
    .on('GET /api/apps/:appId/deployments/:deploymentId', () => pending)
    .on('GET /api/apps', () => page([]))
  return { api, ...renderPage(`/apps/${ids.app}${tab}`) }
}

function takesDeploy(api: FakeApi) {
  api.on('POST /api/apps/:appId/deploy', () => pending).on('GET /api/apps/:appId', () => app({ deployment: pending }))
}

const verb = (name: string) => screen.getByRole('button', { name })

describe('overview', () => {
  it('tells what is live and how to call it', async () => {
    open(app({ sessions: 12 }))
    await heading('Forecast')
    expect(screen.getByText('Running v12, 12 sessions')).toBeTruthy()
    expect(screen.getByText('a1c9e02 on main')).toBeTruthy()
    expect(screen.getByText('4.5.0, 2 packages, found in the code')).toBeTruthy()
    expect(screen.getByRole('region', { name: /How to call it/ }).textContent).toContain(
      "host: 'ws://localhost:8880/forecast-api/'",
    )
    expect(screen.getByRole('link', { name: 'v12 live' }).getAttribute('href')).toContain(ids.deployment)
    await expectAccessible()
  })

  it('puts a failed deploy first, and what keeps serving with it', async () => {
    open(app({ deployment: deployment({ status: 'failed', release: 13, failure: failure() }) }))
    const card = await screen.findByRole('alert')
    expect(card.textContent).toContain('v13 failed, v12 keeps serving')
    expect(within(card).getByText('Loading app.R')).toBeTruthy()
    await expectAccessible()
  })

  it('leads to the deployment that runs', async () => {
    open(app({ deployment: pending }))
    await screen.findByText('Build, step 3 of 7')
    expect(screen.getByRole('link', { name: 'Follow' }).getAttribute('href')).toContain(ids.deployment)
  })

  it('names settings that are saved and not live', async () => {
    open(app({ drainSeconds: 60 }))
    await screen.findByText('1 setting changed, not live until the next deployment')
    expect(screen.getByText('drain limit')).toBeTruthy()
  })

  it('says what to do before the first deploy', async () => {
    open(draftApp())
    await screen.findByText(/No code yet/)
    expect(verb('Restart').getAttribute('aria-disabled')).toBe('true')
    expect(screen.getByText('Nothing was built yet')).toBeTruthy()
    await expectAccessible()
  })

  it('disables every verb while the engine cannot be seen', async () => {
    open(app({ status: 'unknown', statusDetail: 'Engine not reachable since 14:02' }))
    await heading('Forecast')
    expect(screen.getByText('Engine not reachable since 14:02')).toBeTruthy()
    expect(['Restart', 'Deploy'].map((name) => verb(name).getAttribute('aria-disabled'))).toEqual(['true', 'true'])
  })

  it('is not found when it is gone', async () => {
    signedInApi().on('GET /api/apps/:appId', () => {
      throw new Problem('app-not-found')
    })
    renderPage(`/apps/${ids.app}`)
    await heading('Nothing at this address')
  })
})

describe('verbs of an app', () => {
  it('uploads new code and deploys it', async () => {
    const sent = fakeUpload()
    const { api, user } = open(app())
    await heading('Forecast')
    takesDeploy(api)
    await user.click(verb('Deploy'))
    const dialog = within(await screen.findByRole('dialog', { name: 'Deploy Forecast' }))
    expect(dialog.getByText('v12 keeps serving until the new release answers.')).toBeTruthy()
    expect(dialog.getByRole('button', { name: 'Upload and deploy' }).getAttribute('aria-disabled')).toBe('true')
    await expectAccessible()
    await user.upload(dialog.getByLabelText('Archive'), new File(['x'], 'app.zip'))
    await user.click(dialog.getByRole('button', { name: 'Upload and deploy' }))
    await sent[0]?.accept(upload())
    await heading('Deploying v13')
  })

  it('shows in the dialog what is wrong with an archive', async () => {
    const sent = fakeUpload()
    const { user } = open(app())
    await heading('Forecast')
    await user.click(verb('Deploy'))
    await user.upload(await screen.findByLabelText('Archive'), new File(['x'], 'app.zip'))
    await user.click(verb('Upload and deploy'))
    await sent[0]?.refuse(new Problem('unsafe-archive', { detail: 'It holds a link: data.' }))
    expect((await screen.findByRole('alert')).textContent).toContain('The archive holds something unsafe')
    expect(screen.getByRole('dialog')).toBeTruthy()
  })

  it('deploys from git without asking', async () => {
    const { api, user } = open(app({ codeSource: { type: 'git', repoUrl: 'https://git.example.org/a/b' } }))
    await heading('Forecast')
    takesDeploy(api)
    await user.click(verb('Deploy'))
    await heading('Deploying v13')
  })

  it('asks before it stops', async () => {
    const { api, user } = open(app({ sessions: 12 }))
    await heading('Forecast')
    api.on('POST /api/apps/:appId/stop', () => deployment({ kind: 'stop', status: 'queued' }))
    await user.click(verb('More verbs'))
    await user.click(screen.getByRole('menuitem', { name: 'Stop' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Stop Forecast?' }))
    expect(document.activeElement?.textContent).toBe('Keep running')
    expect(dialog.getByText(/12 sessions get 10 s, then end/)).toBeTruthy()
    await user.click(dialog.getByRole('button', { name: 'Stop app' }))
    expect(api.received('POST /api/apps/:appId/stop')).toHaveLength(1)
  })

  it('deletes only after the slug was typed', async () => {
    const { api, user } = open(app())
    await heading('Forecast')
    api.on('DELETE /api/apps/:appId', () => null)
    await user.click(verb('More verbs'))
    await user.click(screen.getByRole('menuitem', { name: 'Delete' }))
    await screen.findByRole('dialog', { name: 'Delete Forecast?' })
    await user.click(verb('Delete app'))
    expect(api.received('DELETE /api/apps/:appId')).toEqual([])
    await expectAccessible()
    await user.type(screen.getByLabelText('Type forecast-api to confirm'), 'forecast-api')
    await user.click(verb('Delete app'))
    await heading('Apps')
    expect(api.received('DELETE /api/apps/:appId')).toHaveLength(1)
  })
})

describe('deployments', () => {
  it('lists them with result and code', async () => {
    const failed = deployment({ id: ids.other, status: 'failed', release: 11, steps: steps('packages', 'failed') })
    const { api } = open(app(), '/deployments', [deployment(), failed])
    const table = within(await screen.findByRole('table'))
    expect(table.getByText('Failed at Packages')).toBeTruthy()
    expect(table.getAllByText('7f3e2b1 on main')).toHaveLength(2)
    expect(api.received('GET /api/apps/:appId/deployments')[0]?.querystring).toEqual({ limit: '20' })
    await expectAccessible()
  })

  it('says that there are none', async () => {
    open(draftApp(), '/deployments')
    await screen.findByText('Nothing was deployed yet.')
  })

  it('pages to older ones', async () => {
    const { api } = open(app(), '/deployments?cursor=abc')
    api.on('GET /api/apps/:appId/deployments', () => page([deployment()], 'older'))
    const older = await screen.findByRole('link', { name: 'Older' })
    expect(older.getAttribute('href')).toContain('?cursor=older')
  })
})

describe('logs', () => {
  it('follows the runtime log, finds in it, and offers the file', async () => {
    const { user } = open(app(), '/logs')
    const log = within(await screen.findByRole('log', { name: 'Runtime log' }))
    const stream = await FakeEventSource.to('/logs')
    expect(stream.url).toBe(`/api/apps/${ids.app}/logs?stream=runtime&tail=1000&follow=true`)
    stream.open()
    stream.send([{ text: 'serving', time: '2026-05-03T12:00:00.000Z' }, { text: 'Error in f() : boom' }])
    await log.findByText('serving')
    await user.type(screen.getByLabelText('Find in Runtime log'), 'BOOM')
    expect(log.queryByText('serving')).toBeNull()
    expect(log.getByText('Error in f() : boom')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Download' }).getAttribute('href')).toContain('stream=runtime')
    await expectAccessible()
  })

  it('says that nothing ran yet', async () => {
    open(draftApp(), '/logs')
    await screen.findByText(/never deployed/)
  })
})

describe('settings', () => {
  const openSettings = async (given = app()) => {
    const view = open(given, '/settings')
    view.api.on('GET /api/runtimes', () => ({ items: [{ rVersion: '4.5.0' }] }))
    await screen.findByLabelText('Name')
    return { ...view, save: () => view.user.click(verb('Save')) }
  }

  it('saves what changed, for the version it began with', async () => {
    const { api, user, save } = await openSettings()
    await expectAccessible()
    api.on('PUT /api/apps/:appId', () => app({ version: 4, packages: [], resources: { memoryBytes: 2 ** 29 } }))
    await user.type(screen.getByLabelText(/Memory/), '512')
    await user.click(verb('Remove forecast'))
    await save()
    await screen.findByText('Saved. The next deployment makes it live.')
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
