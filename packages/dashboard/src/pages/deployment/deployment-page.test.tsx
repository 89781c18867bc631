import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { FakeEventSource } from '../../../test/fake-event-source.ts'
import { app, deployment, failure, ids, steps } from '../../../test/fixtures.ts'
import { expectAccessible, heading, renderPage, signedInApi } from '../../../test/render-page.tsx'

const building = deployment({ status: 'building', release: 13, steps: steps('build'), finishedAt: null })

function open(given: Deployment, theApp: App = app({ deployment: given })) {
  const api = signedInApi()
    .on('GET /api/apps/:appId', () => theApp)
    .on('GET /api/apps/:appId/deployments/:deploymentId', () => given)
    .on('GET /api/apps/:appId/releases/:number/diff/:other', () => {
      throw new Problem('release-not-found')
    })
  return { api, ...renderPage(`/apps/${ids.app}/deployments/${ids.deployment}`) }
}

describe('deployment', () => {
  it('shows the steps, and the live log below the one that runs', async () => {
    open(building)
    await heading('Deploying v13')
    const items = within(screen.getByRole('list', { name: 'Steps' })).getAllByRole('listitem')
    expect(items).toHaveLength(7)
    expect(items.findIndex((item) => item.getAttribute('aria-current') === 'step')).toBe(2)
    expect(screen.getByText('7f3e2b1 on main')).toBeTruthy()
    expect(screen.getByText('v12 keeps serving')).toBeTruthy()
    await screen.findByRole('log')

    const stream = await FakeEventSource.to('/logs')
    expect(stream.url).toBe(`/api/apps/${ids.app}/logs?stream=build&deployment=${ids.deployment}&follow=true`)
    stream.open()
    stream.send({ text: 'Copying 214 files' })
    stream.send([{ text: 'Warning: old package' }, { text: '<b>not markup</b>' }])
    const log = within(screen.getByRole('log', { name: 'Build log' }))
    await log.findByText('<b>not markup</b>')
    expect(log.getByText('Copying 214 files')).toBeTruthy()
    await expectAccessible()
  })

  it('says when the stream breaks and when it ends', async () => {
    open(building)
    await screen.findByRole('log')
    const stream = await FakeEventSource.to('/logs')
    stream.open()
    stream.break()
    await screen.findByText('Reconnecting, nothing is lost')
    stream.end('succeeded')
    await screen.findByText('Ended')
  })

  it('turns live by itself, and says so in the tab', async () => {
    open(building)
    await heading('Deploying v13')
    const feed = await FakeEventSource.to('/api/events')
    await feed.tell('app', app({ deployment: deployment({ release: 13 }) }))
    await heading('v13 is live')
    expect(document.title).toBe('✓ v13 live · Forecast')
    expect(screen.getByRole('link', { name: 'Open' }).getAttribute('href')).toBe('http://localhost:8880/forecast-api/')
    await expectAccessible()
  })

  it('puts the failure on top, with what keeps serving and what to do', async () => {
    open(deployment({ status: 'failed', release: 13, failure: failure(), steps: steps('start', 'failed') }))
    await heading('v13 failed')
    const card = await screen.findByRole('alert')
    expect(card.textContent).toContain('v13 failed, v12 keeps serving')
    expect(card.textContent).toContain('The code does not load. Fix the error below and deploy again.')
    expect(card.textContent).toContain("there is no package called 'sf'")
    expect(screen.getByRole('button', { name: 'Upload new code' })).toBeTruthy()
    expect(document.title).toBe('✗ v13 failed · Forecast')
    await expectAccessible()
  })

  it('opens the log at the step that failed while building', async () => {
    open(deployment({ status: 'failed', release: 13, failure: failure(), steps: steps('packages', 'failed') }))
    await heading('v13 failed')
    expect(screen.getByRole('button', { name: 'Packages, failed, log' }).getAttribute('aria-expanded')).toBe('true')
  })

  it('cancels, and disables that with a reason after the switch', async () => {
    const { api, user } = open(building)
    await heading('Deploying v13')
    const cancelled = deployment({ status: 'cancelled', release: 13, steps: steps('build', 'skipped') })
    api
      .on('POST /api/apps/:appId/deployments/:deploymentId/cancel', () => cancelled)
      .on('GET /api/apps/:appId/deployments/:deploymentId', () => cancelled)
      .on('GET /api/apps/:appId', () => app({ deployment: cancelled }))
    await user.click(screen.getByRole('button', { name: 'Cancel' }))
    await heading('v13 was cancelled')

    const switching = deployment({ status: 'switching', release: 13, steps: steps('switch') })
    const feed = await FakeEventSource.to('/api/events')
    await feed.tell('app', app({ deployment: switching }))
    const cancel = screen.getByRole('button', { name: 'Cancel' })
    expect(cancel.getAttribute('aria-disabled')).toBe('true')
    expect(screen.getByText('Already switched. Roll back instead.')).toBeTruthy()
  })

  it('says what changes, once the new release is built', async () => {
    const { api, refresh } = open(deployment({ status: 'starting', release: 13, steps: steps('start') }))
    await heading('Deploying v13')
    expect(screen.queryByRole('heading', { name: 'What changes from v12' })).toBeNull()
    api.on('GET /api/apps/:appId/releases/:number/diff/:other', () => ({
      ...{ from: 12, to: 13, revision: null, image: null, settings: [] },
      packages: [{ name: 'fable', from: null, to: '0.4.1' }],
    }))
    await act(refresh)
    await screen.findByRole('heading', { name: 'What changes from v12' })
    expect(screen.getByText('fable')).toBeTruthy()
    await expectAccessible()
  })

  it('counts sessions that go on, and ends them', async () => {
    const draining = { sessions: 4, until: '2026-05-03T14:30:00.000Z' }
    const { api, user } = open(deployment({ draining, steps: steps('drain') }))
    await screen.findByText('4 sessions of before go on')
    api.on('POST /api/apps/:appId/deployments/:deploymentId/end-drain', () => deployment())
    await user.click(screen.getByRole('button', { name: 'End now' }))
    await screen.findByText('The old sessions end now.')
  })

  it('says its place in the line', async () => {
    const build = { id: ids.deployment, status: 'queued' as const, phase: null, logBytes: 0, queuePosition: 2 }
    open(deployment({ status: 'queued', release: 13, build, steps: steps('fetch', 'waiting') }))
    await screen.findByText('2nd in line')
  })

  it('shows the result in the icon of the tab', async () => {
    open(building)
    await heading('Deploying v13')
    const icon = () => document.head.querySelector('link[rel=icon]')?.getAttribute('href')
    expect(icon()).toContain('icon-working')
    const feed = await FakeEventSource.to('/api/events')
    await feed.tell('app', app({ deployment: deployment({ release: 13 }) }))
    expect(icon()).toContain('icon-live')
  })

  it('tells in a toast that it was too late to cancel', async () => {
    const { api, user } = open(building)
    await heading('Deploying v13')
    api.on('POST /api/apps/:appId/deployments/:deploymentId/cancel', () => {
      throw new Problem('already-switched', { detail: 'It is live.' })
    })
    await user.click(screen.getByRole('button', { name: 'Cancel' }))
    await waitFor(() => expect(screen.getByText('Too late to cancel. It is live.')).toBeTruthy())
  })

  it('is not found when it is somebody else’s', async () => {
    signedInApi()
      .on('GET /api/apps/:appId', () => app())
      .on('GET /api/apps/:appId/deployments/:deploymentId', () => {
        throw new Problem('deployment-not-found')
      })
    renderPage(`/apps/${ids.app}/deployments/${ids.deployment}`)
    await heading('Nothing at this address')
    await expectAccessible()
  })
})
