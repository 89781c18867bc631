import { Problem } from '@rserve-proxy/contract/problems.ts'
import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { fakeUpload } from '../../../test/fake-upload.ts'
import { app, deployment, upload } from '../../../test/fixtures.ts'
import { openApp, takesDeploy, verb } from '../../../test/open-app.tsx'
import { expectAccessible, heading } from '../../../test/render-page.tsx'

describe('verbs of an app', () => {
  it('uploads new code and deploys it', async () => {
    const sent = fakeUpload()
    const { api, user } = openApp(app())
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
    const { user } = openApp(app())
    await heading('Forecast')
    await user.click(verb('Deploy'))
    await user.upload(await screen.findByLabelText('Archive'), new File(['x'], 'app.zip'))
    await user.click(verb('Upload and deploy'))
    await sent[0]?.refuse(new Problem('unsafe-archive', { detail: 'It holds a link: data.' }))
    expect((await screen.findByRole('alert')).textContent).toContain('The archive holds something unsafe')
    expect(screen.getByRole('dialog')).toBeTruthy()
  })

  it('deploys from git without asking', async () => {
    const { api, user } = openApp(app({ codeSource: { type: 'git', repoUrl: 'https://git.example.org/a/b' } }))
    await heading('Forecast')
    takesDeploy(api)
    await user.click(verb('Deploy'))
    await heading('Deploying v13')
  })

  it('asks before it stops', async () => {
    const { api, user } = openApp(app({ sessions: 12 }))
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
    const { api, user } = openApp(app())
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
