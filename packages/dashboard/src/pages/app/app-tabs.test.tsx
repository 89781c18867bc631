import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { FakeEventSource } from '../../../test/fake-event-source.ts'
import { app, deployment, draftApp, ids, page, steps } from '../../../test/fixtures.ts'
import { openApp } from '../../../test/open-app.tsx'
import { expectAccessible } from '../../../test/render-page.tsx'

describe('deployments', () => {
  it('lists them with result and code', async () => {
    const failed = deployment({ id: ids.other, status: 'failed', release: 11, steps: steps('packages', 'failed') })
    const { api } = openApp(app(), '/deployments', [deployment(), failed])
    const table = within(await screen.findByRole('table'))
    expect(table.getByText('Failed at Packages')).toBeTruthy()
    expect(table.getAllByText('7f3e2b1 on main')).toHaveLength(2)
    expect(api.received('GET /api/apps/:appId/deployments')[0]?.querystring).toEqual({ limit: '20' })
    await expectAccessible()
  })

  it('says that there are none', async () => {
    openApp(draftApp(), '/deployments')
    await screen.findByText('Nothing was deployed yet.')
  })

  it('pages to older ones', async () => {
    const { api } = openApp(app(), '/deployments?cursor=abc')
    api.on('GET /api/apps/:appId/deployments', () => page([deployment()], 'older'))
    const older = await screen.findByRole('link', { name: 'Older' })
    expect(older.getAttribute('href')).toContain('?cursor=older')
  })
})

describe('logs', () => {
  it('follows the runtime log, finds in it, and offers the file', async () => {
    const { user } = openApp(app(), '/logs')
    const log = within(await screen.findByRole('log', { name: 'Runtime log' }))
    const stream = await FakeEventSource.to('/logs')
    expect(stream.url).toBe(`/api/apps/${ids.app}/logs?stream=runtime&tail=1000&follow=true`)
    stream.open()
    stream.send([{ text: 'serving', time: '2026-05-03T12:00:00.000Z' }, { text: 'Error in f() : boom' }])
    await log.findByText('serving')
    await user.type(screen.getByLabelText('Find in Runtime log'), 'BOOM')
    await waitFor(() => expect(log.queryByText('serving')).toBeNull())
    await log.findByText('Error in f() : boom')
    expect(screen.getByRole('link', { name: 'Download' }).getAttribute('href')).toContain('stream=runtime')
    await expectAccessible()
  })

  it('tells replicas apart, and shows one alone', async () => {
    const { user } = openApp(app(), '/logs')
    const log = within(await screen.findByRole('log', { name: 'Runtime log' }))
    const stream = await FakeEventSource.to('/logs')
    stream.open()
    stream.send([
      { text: 'one', replica: 'r-a' },
      { text: 'two', replica: 'r-b' },
    ])
    await log.findByText('two')
    await user.selectOptions(screen.getByLabelText('Replica of Runtime log'), 'r-b')
    await waitFor(() => expect(log.queryByText('one')).toBeNull())
    expect(log.getByText('two')).toBeTruthy()
    await expectAccessible()
  })

  it('says that nothing ran yet', async () => {
    openApp(draftApp(), '/logs')
    await screen.findByText(/never deployed/)
  })
})
