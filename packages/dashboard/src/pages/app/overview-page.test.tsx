import { Problem } from '@rserve-proxy/contract/problems.ts'
import { screen, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { FakeEventSource } from '../../../test/fake-event-source.ts'
import { app, deployment, draftApp, failure, ids } from '../../../test/fixtures.ts'
import { openApp, pending, takesDeploy, verb } from '../../../test/open-app.tsx'
import { expectAccessible, heading, renderPage, signedInApi } from '../../../test/render-page.tsx'

describe('overview', () => {
  it('tells what is live and how to call it', async () => {
    openApp(app({ sessions: 12 }))
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
    openApp(app({ deployment: deployment({ status: 'failed', release: 13, failure: failure() }) }))
    const card = await screen.findByRole('alert')
    expect(card.textContent).toContain('v13 failed, v12 keeps serving')
    expect(within(card).getByText('Loading app.R')).toBeTruthy()
    await expectAccessible()
  })

  it('leads to the deployment that runs', async () => {
    openApp(app({ deployment: pending }))
    await screen.findByText('Build, step 3 of 7')
    expect(screen.getByRole('link', { name: 'Follow' }).getAttribute('href')).toContain(ids.deployment)
  })

  it('names settings that are saved and not live, applies them, or forgets them', async () => {
    const { api, user } = openApp(app({ drainSeconds: 60, pendingSettings: ['drainSeconds'] }))
    await screen.findByText('1 setting changed, not live yet')
    expect(screen.getByText('drain limit')).toBeTruthy()
    api.on('PUT /api/apps/:appId', () => app())
    await user.click(verb('Discard'))
    await screen.findByText('The settings are those of v12 again.')
    expect(api.received('PUT /api/apps/:appId')[0]?.body).toEqual({ drainSeconds: 1_800 })
    api.on('POST /api/apps/:appId/apply', () => pending).on('GET /api/apps/:appId', () => app({ deployment: pending }))
    await user.click(verb('Apply, a few seconds, no gap'))
    await heading('Deploying v13')
  })

  it('deploys what needs a build', async () => {
    openApp(app({ pendingSettings: ['packages', 'drainSeconds'] }))
    await screen.findByText('2 settings changed, not live yet')
    expect(screen.getAllByRole('button', { name: 'Deploy' })).toHaveLength(2)
  })

  it('says how it crashed, with the last lines, and leads to what helps', async () => {
    const crash = {
      ...{ at: '2026-05-03T12:00:00.000Z', kind: 'exit' as const, exitCode: 137, outOfMemory: true, deaths: 6 },
      ...{ loopSince: null, nextTryAt: null, lastLines: ['Reading model.rds'] },
    }
    const before = deployment({ id: ids.other, status: 'replaced', release: 11 })
    openApp(app({ status: 'crash-loop', crash }), '', [deployment(), before])
    const card = await screen.findByRole('alert')
    expect(card.textContent).toContain('R ended, out of memory,')
    expect(card.textContent).toContain('6 times within ten minutes')
    expect(within(card).getByText('Reading model.rds')).toBeTruthy()
    expect(within(card).getByRole('button', { name: 'Roll back to v11' })).toBeTruthy()
    await expectAccessible()
  })

  it('mends what is missing with one click', async () => {
    const given = failure({ code: 'package-undeclared', fix: { kind: 'package', packages: ['sf'] } })
    const { api, user } = openApp(app({ deployment: deployment({ status: 'failed', release: 13, failure: given }) }))
    const fix = await screen.findByRole('button', { name: 'Add sf to packages, and deploy' })
    api.on('PUT /api/apps/:appId', () => app())
    takesDeploy(api)
    await user.click(fix)
    await heading('Deploying v13')
    expect(api.received('PUT /api/apps/:appId')[0]?.body).toEqual({ packages: ['forecast', 'sf'] })
  })

  it('remembers the language of the snippet', async () => {
    const { user } = openApp(app())
    await user.click(await screen.findByRole('button', { name: 'Node' }))
    expect(screen.getByRole('region', { name: 'How to call it, Node' })).toBeTruthy()
    expect(localStorage.getItem('language')).toBe('Node')
  })

  it('shows viewers everything and says why they cannot change it', async () => {
    openApp(app({ right: 'view' }))
    await heading('Forecast')
    expect(verb('Deploy').getAttribute('aria-disabled')).toBe('true')
    expect(screen.getAllByText(/You may see this app\. ana can make you an editor/).length).toBeGreaterThan(0)
  })

  it('is not found any more when the feed says that it is gone', async () => {
    const { api } = openApp(app())
    await heading('Forecast')
    const feed = await FakeEventSource.to('/api/events')
    api.on('GET /api/apps/:appId', () => {
      throw new Problem('app-not-found')
    })
    await feed.tell('gone', { appId: ids.app })
    await heading('Nothing at this address')
  })

  it('says what to do before the first deploy', async () => {
    openApp(draftApp())
    await screen.findByText(/No code yet/)
    expect(verb('Restart').getAttribute('aria-disabled')).toBe('true')
    expect(screen.getByText('Nothing was built yet')).toBeTruthy()
    await expectAccessible()
  })

  it('disables every verb while the engine cannot be seen', async () => {
    openApp(app({ status: 'unknown', statusDetail: 'Engine not reachable since 14:02' }))
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
