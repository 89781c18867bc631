import type { AuditEvent } from '@rserve-proxy/contract/audit.ts'
import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { app, ids, page } from '../../../test/fixtures.ts'
import { expectAccessible, heading, renderPage, signedInApi } from '../../../test/render-page.tsx'
import { sinceOf } from './audit-filter.tsx'

const event = (given: Partial<AuditEvent> = {}): AuditEvent => ({
  id: ids.other,
  at: '2026-05-03T12:00:00.000Z',
  actor: { id: ids.user, name: 'ana' },
  auth: 'session',
  tokenId: null,
  address: '198.51.100.7',
  action: 'app.deploy',
  object: { type: 'app', id: ids.app, name: 'Forecast' },
  appId: ids.app,
  result: 'success',
  detail: null,
  requestId: null,
  ...given,
})

async function open(path: string, items: AuditEvent[], nextCursor: string | null = null) {
  const api = signedInApi()
    .on('GET /api/apps', () => page([app()]))
    .on('GET /api/audit', () => page(items, nextCursor))
  const view = renderPage(path)
  await heading('Audit')
  return { api, ...view }
}

describe('audit', () => {
  it('says who did what to what, and how it went', async () => {
    await open('/audit', [
      event(),
      event({ id: ids.user, auth: 'token', action: 'access', result: 'denied', appId: null }),
    ])
    const [, first, second] = screen.getAllByRole('row').map((row) => row.textContent)
    expect(first).toContain('deployed')
    expect(first).toContain('Done')
    expect(second).toContain('ana, by token')
    expect(second).toContain('Refused')
    await expectAccessible()
  })

  it('keeps its filters in the address, and gives them to the file', async () => {
    const { api, user, address } = await open('/audit?cursor=abc', [event()], 'next')
    await user.selectOptions(screen.getByLabelText('Outcome'), 'denied')
    await waitFor(() => expect(address().search).toBe('?result=denied'))
    expect(api.received('GET /api/audit').at(-1)?.querystring).toEqual({ limit: '50', result: 'denied' })
    expect(screen.getByRole('link', { name: 'CSV' }).getAttribute('href')).toBe('/api/audit?result=denied&format=csv')
    expect(screen.getByRole('link', { name: 'Older' }).getAttribute('href')).toBe('/audit?result=denied&cursor=next')
  })

  it('says when nothing matches', async () => {
    await open('/audit?actor=nobody', [])
    expect(screen.getByRole('link', { name: 'Clear' }).getAttribute('href')).toBe('/audit')
  })

  it('counts "last week" back from now', () => {
    expect(sinceOf('week', Date.parse('2026-05-08T12:00:00Z'))).toBe('2026-05-01T12:00:00.000Z')
    expect(sinceOf('whatever')).toBeUndefined()
  })
})
