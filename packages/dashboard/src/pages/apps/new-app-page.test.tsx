import { Problem } from '@rserve-proxy/contract/problems.ts'
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { fakeUpload } from '../../../test/fake-upload.ts'
import { deployment, draftApp, facts, ids, steps, upload } from '../../../test/fixtures.ts'
import { expectAccessible, heading, renderPage, signedInApi } from '../../../test/render-page.tsx'

const bundle = new File(['code'], 'forecast.tar.gz')
const pending = deployment({ status: 'building', release: 1, steps: steps('build') })

function newAppApi() {
  const app = draftApp({ name: 'My forecast', slug: 'my-forecast' })
  return signedInApi()
    .on('GET /api/runtimes', () => ({ items: [{ rVersion: '4.5.0' }, { rVersion: '4.4.1' }] }))
    .on('GET /api/credentials', () => ({ items: [] }))
    .on('POST /api/git/inspect', () => ({ branches: ['main', 'dev'], branch: 'main', commit: 'a', found: facts() }))
    .on('GET /api/slugs/:slug', () => ({ available: true }))
    .on('POST /api/apps', () => app)
    .on('PUT /api/apps/:appId', () => app)
    .on('POST /api/apps/:appId/deploy', () => pending)
    .on('GET /api/apps/:appId', () => ({ ...app, deployment: pending }))
    .on('GET /api/apps/:appId/deployments/:deploymentId', () => pending)
}

async function openForm(path = '/apps/new') {
  const view = renderPage(path)
  await heading('New app')
  return { ...view, deploy: () => view.user.click(screen.getByRole('button', { name: 'Deploy' })) }
}

describe('new app', () => {
  it('creates, uploads, deploys and shows the deployment', async () => {
    const api = newAppApi()
    const sent = fakeUpload()
    const { user, deploy } = await openForm()
    await expectAccessible()
    await user.type(screen.getByLabelText('Name'), 'My forecast')
    expect(screen.getByLabelText<HTMLInputElement>('Address').value).toBe('my-forecast')
    await screen.findByText('free')
    expect(screen.getByText('zip, tar or tar.gz, up to 100 MB')).toBeTruthy()
    await user.upload(screen.getByLabelText('Archive'), bundle)
    await user.type(screen.getByLabelText(/^Packages/), 'forecast,jsonlite{Enter}')
    await user.selectOptions(screen.getByLabelText('R version'), '4.4.1')
    await deploy()

    await waitFor(() => expect(sent).toHaveLength(1))
    sent[0]?.progress(2)
    expect(screen.getByRole('progressbar', { name: 'Upload' }).getAttribute('value')).toBe('2')
    expect(sent[0]?.form?.get('bundle')).toBe(bundle)
    await sent[0]?.accept(upload())
    await heading('Deploying v1')
    expect(api.received('POST /api/apps')[0]?.body).toEqual({
      name: 'My forecast',
      slug: 'my-forecast',
      codeSource: { type: 'upload' },
      rVersion: '4.4.1',
      packages: ['forecast', 'jsonlite'],
      systemPackages: [],
      entryScript: 'app.R',
      mode: 'ocap',
    })
  })

  it('creates an app from git without an upload', async () => {
    const api = newAppApi()
    const { user, deploy } = await openForm('/apps/new?from=git')
    await user.type(screen.getByLabelText('Name'), 'My forecast')
    await user.type(screen.getByLabelText('Repository'), 'https://git.example.org/team/forecast')
    await user.type(screen.getByLabelText(/Branch/), 'main')
    await deploy()
    await heading('Deploying v1')
    expect(api.received('POST /api/apps')[0]?.body).toMatchObject({
      codeSource: { type: 'git', repoUrl: 'https://git.example.org/team/forecast', branch: 'main' },
    })
  })

  it('says while typing that an address is taken', async () => {
    newAppApi().on('GET /api/slugs/:slug', () => ({ available: false, reason: 'This address is reserved.' }))
    const { user } = await openForm()
    await user.type(screen.getByLabelText('Address'), 'api')
    expect(await screen.findByText('This address is reserved.')).toBeTruthy()
    expect(screen.getByLabelText('Address').getAttribute('aria-invalid')).toBe('true')
    await expectAccessible()
  })

  it('explains fields that break a rule before anything is sent', async () => {
    const api = newAppApi()
    const { user, deploy } = await openForm()
    await user.type(screen.getByLabelText('Name'), 'My forecast')
    await user.clear(screen.getByLabelText('Entry script'))
    await user.type(screen.getByLabelText('Entry script'), 'app.py')
    await user.upload(screen.getByLabelText('Archive'), bundle)
    await user.type(screen.getByLabelText(/^Packages/), 'no package!{Enter}')
    await deploy()
    const summary = await screen.findByRole('alert')
    expect(document.activeElement).toBe(summary)
    expect(summary.textContent).toContain('ends in .R')
    expect(summary.textContent).toContain('package! is not the name of a package')
    expect(api.received('POST /api/apps')).toEqual([])
    await expectAccessible()
    await user.click(within(summary).getByRole('link', { name: /ends in .R/ }))
    expect(document.activeElement).toBe(screen.getByLabelText('Entry script'))
  })

  it('shows what the manager refuses at its field', async () => {
    newAppApi().on('POST /api/apps', () => {
      throw new Problem('slug-taken', { detail: 'Another app has this address.' })
    })
    const { user, deploy } = await openForm()
    await user.type(screen.getByLabelText('Name'), 'My forecast')
    await user.upload(screen.getByLabelText('Archive'), bundle)
    await deploy()
    expect((await screen.findByRole('alert')).textContent).toContain('The app was not created: This address is taken')
    expect(screen.getByLabelText('Address').getAttribute('aria-invalid')).toBe('true')
  })

  it('goes on where it failed and never makes a second app', async () => {
    const api = newAppApi()
    const sent = fakeUpload()
    const { user, deploy } = await openForm()
    await user.type(screen.getByLabelText('Name'), 'My forecast')
    await user.upload(screen.getByLabelText('Archive'), bundle)
    await deploy()
    await waitFor(() => expect(sent).toHaveLength(1))
    await sent[0]?.refuse(new Problem('not-an-archive', { detail: 'This is not a zip or tar file.' }))
    expect((await screen.findByRole('alert')).textContent).toContain('The app exists, its code was not uploaded')
    expect(screen.getByLabelText('Archive').getAttribute('aria-invalid')).toBe('true')
    expect(screen.getByLabelText<HTMLInputElement>('Address').readOnly).toBe(true)

    await user.upload(screen.getByLabelText('Archive'), new File(['better'], 'better.zip'))
    await deploy()
    await waitFor(() => expect(sent).toHaveLength(2))
    await sent[1]?.accept(upload())
    await heading('Deploying v1')
    expect(api.received('POST /api/apps')).toHaveLength(1)
    expect(api.received('PUT /api/apps/:appId')).toHaveLength(1)
  })

  it('sends the same key when the answer to a creation was lost', async () => {
    const api = newAppApi()
    const { user, deploy } = await openForm('/apps/new?from=git')
    await user.type(screen.getByLabelText('Name'), 'My forecast')
    await user.type(screen.getByLabelText('Repository'), 'https://git.example.org/team/forecast')
    api.on('POST /api/apps', () => {
      throw new Problem('internal')
    })
    await deploy()
    await screen.findByRole('alert')
    api.on('POST /api/apps', () => draftApp())
    await deploy()
    await heading('Deploying v1')
    const keys = api.received('POST /api/apps').map((call) => call.headers.get('idempotency-key'))
    expect(keys[0]).toBeTruthy()
    expect(keys[1]).toBe(keys[0])
  })

  it('can cancel an upload', async () => {
    newAppApi()
    const sent = fakeUpload()
    const { user, deploy } = await openForm()
    await user.type(screen.getByLabelText('Name'), 'My forecast')
    await user.upload(screen.getByLabelText('Archive'), bundle)
    await deploy()
    await waitFor(() => expect(sent).toHaveLength(1))
    await user.click(screen.getByRole('button', { name: 'Cancel upload' }))
    expect((await screen.findByRole('alert')).textContent).toContain('Cancelled')
  })

  it('shows what an archive needs before it is deployed, and lets it be corrected', async () => {
    const api = newAppApi()
    const sent = fakeUpload()
    const { user, deploy } = await openForm()
    expect(screen.getByText('Choose the code, and what it needs shows here.')).toBeTruthy()
    await user.type(screen.getByLabelText('Name'), 'My forecast')
    await user.upload(screen.getByLabelText('Archive'), bundle)
    await screen.findByText('Looking…')
    await sent.looks[0]?.accept(
      facts({ entryScriptFound: 'serve.R', modeFound: 'http', packagesFound: ['forecast'], packagesFrom: 'renv.lock' }),
    )
    expect(screen.getByText('serve.R')).toBeTruthy()
    expect(screen.getByText('1 package from renv.lock, installed by themselves: forecast')).toBeTruthy()
    expect(screen.getByLabelText<HTMLInputElement>('Entry script').value).toBe('serve.R')
    await expectAccessible()
    await user.selectOptions(screen.getByLabelText('Answers'), 'ocap')
    await deploy()
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(api.received('POST /api/apps')[0]?.body).toMatchObject({ entryScript: 'serve.R', mode: 'ocap' })
  })

  it('says what would not run, and what cannot be read', async () => {
    newAppApi()
    const sent = fakeUpload()
    const { user } = await openForm()
    await user.upload(screen.getByLabelText('Archive'), bundle)
    await sent.looks[0]?.accept(facts({ modeFound: null, unsupportedFound: 'Shiny', rVersionFound: '3.6.0' }))
    expect(screen.getByText(/Shiny is not supported/)).toBeTruthy()
    expect(screen.getByText(/R 3.6.0 asked for, which is not offered here: 4.5.0, 4.4.1/)).toBeTruthy()
    await user.upload(screen.getByLabelText('Archive'), new File(['x'], 'other.zip'))
    await sent.looks[1]?.refuse(new Problem('not-an-archive', { detail: 'This is not a zip or tar file.' }))
    expect(screen.getByText(/This is not a zip or tar file/)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Look again' })).toBeTruthy()
  })

  it('reads a repository when its address is there, and offers its branches', async () => {
    const api = newAppApi()
    const { user } = await openForm('/apps/new?from=git')
    await user.type(screen.getByLabelText('Repository'), 'https://git.example.org/team/forecast')
    await user.tab()
    await screen.findByText('2 found.')
    expect(api.received('POST /api/git/inspect')[0]?.body).toEqual({ repoUrl: 'https://git.example.org/team/forecast' })
    await expectAccessible()
  })

  it('keeps a credential without leaving the page', async () => {
    const api = newAppApi()
    const { user } = await openForm('/apps/new?from=git')
    await user.type(screen.getByLabelText('Repository'), 'https://git.example.org/team/forecast')
    const kept = {
      id: ids.other,
      name: 'work',
      host: 'git.example.org',
      username: 'x',
      createdAt: '',
      lastUsedAt: null,
    }
    api.on('POST /api/credentials', () => kept).on('GET /api/credentials', () => ({ items: [kept] }))
    await user.click(screen.getByRole('button', { name: 'New credential' }))
    const dialog = within(screen.getByRole('dialog', { name: 'New git credential' }))
    expect(dialog.getByLabelText<HTMLInputElement>('Host').value).toBe('git.example.org')
    await user.type(dialog.getByLabelText('Name'), 'work')
    await user.type(dialog.getByLabelText('Token or password'), 'a secret')
    await user.click(dialog.getByRole('button', { name: 'Keep credential' }))
    await screen.findByText('The credential is kept. Choose it now.')
    await user.selectOptions(screen.getByLabelText(/^Credential/), ids.other)
    expect(screen.getByLabelText<HTMLInputElement>('Repository').value).toBe('https://git.example.org/team/forecast')
  })

  it('deploys the sample', async () => {
    newAppApi()
    const sent = fakeUpload()
    const { deploy } = await openForm('/apps/new?from=sample')
    expect(screen.getByLabelText<HTMLInputElement>('Address').value).toBe('sample')
    expect(screen.getByRole('region', { name: 'The sample, app.R' }).textContent).toContain('oc.init')
    await expectAccessible()
    await deploy()
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]?.form?.get('bundle')).toMatchObject({ name: 'sample.zip' })
  })
})
