import type { App } from '@rserve-proxy/contract/apps.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { FakeEventSource } from '../../../test/fake-event-source.ts'
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
    expect(screen.getByText('1 needs attention. 2 apps serve 0 sessions.')).toBeTruthy()
    const row = await rowOf('Clinical report')
    expect(row.getByText('Running v12')).toBeTruthy()
    expect(row.getByText('v13 failed: the code does not load')).toBeTruthy()
    expect(row.getByRole('link', { name: 'Fix and deploy' })).toBeTruthy()
    expect(api.received('GET /api/apps')[0]?.querystring).toEqual({ sort: 'need', limit: '12' })
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
    signedInApi().on('GET /api/apps', () => page([failed, app()]))
    const { user, address } = renderPage('/apps')
    await user.click(await screen.findByRole('link', { name: 'Need attention 1' }))
    await waitFor(() => expect(screen.queryByRole('link', { name: 'Forecast' })).toBeNull())
    await user.keyboard('/')
    await user.keyboard('zzz')
    await screen.findByText('Nothing matches “zzz”.')
    expect(address().search).toBe('?q=zzz&show=attention')
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
      .on('GET /api/apps/:appId', () => ({ ...stopped, deployment: starting }))
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
    const feed = await FakeEventSource.to('/api/events')
    feed.open()
    expect(screen.getByText('Live')).toBeTruthy()
    api.goDown()
    feed.break()
    await act(refresh)
    await rowOf('Forecast')
    expect(screen.getByText(/Reconnecting, as of \d\d:\d\d/)).toBeTruthy()
    api.comeBack()
    feed.open()
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
    signedInApi().on('GET /api/apps', () => page([app(), app({ id: ids.other, name: 'Clinical report' })]))
    const { user } = renderPage('/apps')
    const feed = await FakeEventSource.to('/api/events')
    await user.hover(await screen.findByRole('link', { name: 'Forecast' }))
    await feed.tell('app', app({ deployment: deployment({ status: 'failed', failure: failure() }) }))
    expect(names()).toEqual(['Clinical report', 'Forecast'])
    await user.unhover(screen.getByRole('table'))
    expect(names()).toEqual(['Forecast', 'Clinical report'])
  })
})

const names = () => screen.getAllByRole('rowheader').map((cell) => cell.querySelector('a')?.textContent)

describe('live apps', () => {
  const openList = async (...apps: App[]) => {
    const api = signedInApi().on('GET /api/apps', () => page(apps))
    renderPage('/apps')
    const feed = await FakeEventSource.to('/api/events')
    return { api, feed }
  }

  it('shows what the feed tells, once', async () => {
    const { api, feed } = await openList(app())
    await rowOf('Forecast')
    const other = app({ id: ids.other, name: 'Clinical report' })
    await feed.tell('app', other, other, app({ sessions: 7 }))
    expect(names()).toEqual(['Clinical report', 'Forecast'])
    expect((await rowOf('Forecast')).getByText('7')).toBeTruthy()
    await feed.tell('gone', { appId: ids.other })
    expect(names()).toEqual(['Forecast'])
    expect(api.received('GET /api/apps')).toHaveLength(1)
  })

  it('reads the list again when something was missed', async () => {
    const { api, feed } = await openList(app(), app({ id: ids.other, name: 'Clinical report' }))
    await rowOf('Clinical report')
    api.on('GET /api/apps', () => page([app({ name: 'Forecast 2' })]))
    await feed.tell('resync', {})
    await waitFor(() => expect(names()).toEqual(['Forecast 2']))
  })

  it('keeps what was told while an older answer was on its way', async () => {
    const answer = Promise.withResolvers<void>()
    const { api, feed } = await openList(app())
    await rowOf('Forecast')
    api.holdUntil(answer.promise)
    await feed.tell('resync', {})
    await feed.tell('app', app({ name: 'Newer' }), app({ id: ids.other, name: 'New' }))
    await act(async () => answer.resolve())
    expect(names()).toEqual(['New', 'Newer'])
  })

  it('follows anew, and reads again, when the stream was refused', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
    const { api, feed } = await openList(app())
    await rowOf('Forecast')
    feed.open()
    feed.break({ isRefused: true })
    expect(screen.getByText(/Reconnecting/)).toBeTruthy()
    await act(() => vi.advanceTimersByTimeAsync(3_000))
    const next = await FakeEventSource.to('/api/events')
    expect(next).not.toBe(feed)
    const before = api.received('GET /api/apps').length
    next.open()
    await waitFor(() => expect(api.received('GET /api/apps').length).toBe(before + 1))
    expect(screen.getByText('Live')).toBeTruthy()
    vi.useRealTimers()
  })

  it('reads again now and then while the stream is refused, not with every try', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
    const { api, feed } = await openList(app())
    await rowOf('Forecast')
    feed.break({ isRefused: true })
    const before = api.received('GET /api/apps').length
    for (let tries = 0; tries < 3; tries++) {
      await act(() => vi.advanceTimersByTimeAsync(3_000))
      ;(await FakeEventSource.to('/api/events')).break({ isRefused: true })
    }
    expect(api.received('GET /api/apps')).toHaveLength(before)
    api.on('GET /api/apps', () => page([app({ name: 'Forecast 2' })]))
    await act(() => vi.advanceTimersByTimeAsync(1_500))
    await waitFor(() => expect(names()).toEqual(['Forecast 2']))
    vi.useRealTimers()
  })

  it('rests while nobody looks, and catches up', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true })
    const { feed } = await openList(app())
    await rowOf('Forecast')
    feed.open()
    await look('hidden')
    await act(() => vi.advanceTimersByTimeAsync(10_000))
    expect(feed.readyState).toBe(FakeEventSource.CLOSED)
    await look('visible')
    const next = await FakeEventSource.to('/api/events')
    expect(next).not.toBe(feed)
    vi.useRealTimers()
  })

  it('keeps only rows near the screen of a long list', async () => {
    const many = Array.from({ length: 1_000 }, (_, at) =>
      app({ id: `${ids.app.slice(0, -4)}${1_000 + at}`, name: `App ${at}` }),
    )
    const api = signedInApi().on('GET /api/apps', ({ querystring }) => {
      const from = Number(querystring.cursor ?? 0)
      const to = from + Number(querystring.limit)
      return page(many.slice(from, to), to < many.length ? String(to) : null)
    })
    renderPage('/apps')
    await screen.findByRole('link', { name: 'All 1000' })
    expect(api.received('GET /api/apps')).toHaveLength(11)
    expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('1001')
    expect(screen.queryAllByRole('rowheader').length).toBeLessThanOrEqual(60)
  })
})

function look(state: 'hidden' | 'visible') {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
  return act(async () => void document.dispatchEvent(new Event('visibilitychange')))
}
