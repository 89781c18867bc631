import type { System } from '@rserve-proxy/contract/system.ts'
import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { FakeEventSource } from '../../../test/fake-event-source.ts'
import { app, ids, page } from '../../../test/fixtures.ts'
import { expectAccessible, heading, renderPage, signedInApi } from '../../../test/render-page.tsx'

const system = (given: Partial<System> = {}): System => ({
  engine: {
    answers: true,
    unknownSince: null,
    version: '29.0',
    findings: [{ subject: 'cgroup', ok: true, message: 'v2' }],
  },
  machine: { memoryFreeBytes: 2 ** 31, diskFreeBytes: 5e10 },
  queue: { waiting: 1, building: 2, rollingOut: 0 },
  drift: [{ code: 'replicas', appId: ids.app, text: '1 of 2 replicas runs' }],
  versions: { node: 'v24' },
  ...given,
})

async function open(given = system()) {
  const api = signedInApi()
    .on('GET /api/apps', () => page([app()]))
    .on('GET /api/system', () => given)
    .on('GET /api/health', () => ({ status: 'ok' as const, db: true, engine: true, since: null, active: true }))
  const view = renderPage('/system')
  await heading('System')
  return { api, ...view }
}

describe('system', () => {
  it('tells engine, machine, queue and drift', async () => {
    await open()
    expect(screen.getByText('Answers, version 29.0')).toBeTruthy()
    expect(screen.getByText('2 GiB free')).toBeTruthy()
    expect(screen.getByText('1 of 2 replicas runs')).toBeTruthy()
    await expectAccessible()
  })

  it('cleans up only what it has shown', async () => {
    const { api, user } = await open()
    const items = [
      { kind: 'image' as const, id: '1', name: 'v1 of forecast', sizeBytes: 2e9, reason: 'no kept release needs it' },
    ]
    api.on('POST /api/system/cleanup', ({ querystring }) => ({
      dryRun: Boolean(querystring.dryRun),
      items,
      freedBytes: 2e9,
    }))
    await user.click(screen.getByRole('button', { name: 'Preview clean-up' }))
    await screen.findByRole('dialog', { name: 'Free 2.0 GB?' })
    expect(screen.getByText('v1 of forecast')).toBeTruthy()
    await expectAccessible()
    await user.click(screen.getByRole('button', { name: 'Clean up' }))
    await screen.findByText('Cleaned up.')
    expect(api.received('POST /api/system/cleanup').map(({ querystring }) => querystring)).toEqual([
      { dryRun: 'true' },
      {},
    ])
  })

  it('says on every page when the engine cannot be seen', async () => {
    await open(system({ drift: null, engine: { answers: false, unknownSince: null, version: null, findings: [] } }))
    const feed = await FakeEventSource.to('/api/events')
    await feed.tell('engine', { answers: false, unknownSince: '2026-05-03T12:00:00.000Z' })
    expect(screen.getByText(/The engine has not been reachable since/)).toBeTruthy()
    await feed.tell('engine', { answers: true, unknownSince: null })
    expect(screen.queryByText(/The engine has not been reachable/)).toBeNull()
  })
})
