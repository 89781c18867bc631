import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Token } from '@rserve-proxy/contract/tokens.ts'
import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { app, ids, page } from '../../../test/fixtures.ts'
import { expectAccessible, heading, renderPage, signedInApi } from '../../../test/render-page.tsx'

const token = (given: Partial<Token> = {}): Token => ({
  id: ids.other,
  name: 'nightly deploy',
  prefix: 'rsp_pat_Ab12',
  scopes: ['read', 'deploy'],
  appIds: null,
  createdAt: '2026-05-03T12:00:00.000Z',
  expiresAt: null,
  lastUsedAt: null,
  ...given,
})

async function open(items: Token[]) {
  const api = signedInApi()
    .on('GET /api/auth/tokens', () => ({ items }))
    .on('GET /api/apps', () => page([app()]))
  const view = renderPage('/tokens')
  await heading('Tokens')
  return { api, ...view }
}

const button = (name: string) => screen.getByRole('button', { name })

describe('tokens', () => {
  it('tell their widest scope, their apps and their end', async () => {
    await open([token(), token({ id: ids.app, name: 'old', expiresAt: '2026-01-01T00:00:00.000Z' })])
    const rows = screen.getAllByRole('row').map((row) => row.textContent)
    expect(rows[1]).toContain('Deploy')
    expect(rows[1]).toContain('All')
    expect(rows[2]).toContain('Has ended')
    await expectAccessible()
  })

  it('offer a deploy to copy when there are none', async () => {
    await open([])
    expect(screen.getByRole('region', { name: 'A deploy with a token' }).textContent).toContain(
      '/api/deploy/my-app?create=true',
    )
    await expectAccessible()
  })

  it('are shown once, until somebody says that it is copied', async () => {
    const { api, user } = await open([])
    const made = { ...token(), token: 'rsp_pat_secret' }
    api.on('POST /api/auth/tokens', () => made).on('GET /api/auth/tokens', () => ({ items: [token()] }))
    await user.click(button('New token'))
    await user.type(screen.getByLabelText('Name'), 'nightly deploy')
    await user.selectOptions(screen.getByLabelText('Ends'), '30')
    await user.click(button('Make token'))
    await screen.findByRole('dialog', { name: 'Copy nightly deploy now' })
    expect(screen.getByRole('region', { name: 'The token' }).textContent).toBe('rsp_pat_secret')
    await expectAccessible()
    await user.click(button('I have copied it'))
    expect(screen.queryByText('rsp_pat_secret')).toBeNull()
    expect(screen.getByRole('rowheader').textContent).toContain('nightly deploy')
    expect(api.received('POST /api/auth/tokens')[0]?.body).toEqual({
      name: 'nightly deploy',
      scopes: ['read', 'deploy'],
      expiresInDays: 30,
    })
  })

  it('ask for the password where the manager wants it once more, then go on', async () => {
    const { api, user } = await open([])
    let isVerified = false
    api
      .on('POST /api/auth/tokens', () => {
        if (!isVerified) throw new Problem('password-needed')
        return { ...token(), token: 'rsp_pat_secret' }
      })
      .on('POST /api/auth/verify', ({ body }) => {
        if (body.password !== 'right') throw new Problem('current-password-wrong')
        isVerified = true
        return null
      })
    await user.click(button('New token'))
    await user.type(screen.getByLabelText('Name'), 'laptop')
    await user.click(button('Make token'))
    const dialog = within(await screen.findByRole('dialog', { name: 'Give your password once more' }))
    await user.type(dialog.getByLabelText('Password'), 'wrong')
    await user.click(dialog.getByRole('button', { name: 'Go on' }))
    await dialog.findByText('The password is wrong.')
    await user.clear(dialog.getByLabelText('Password'))
    await user.type(dialog.getByLabelText('Password'), 'right')
    await user.click(dialog.getByRole('button', { name: 'Go on' }))
    await screen.findByRole('dialog', { name: /Copy/ })
  })

  it('end after a question', async () => {
    const { api, user } = await open([token()])
    api.on('DELETE /api/auth/tokens/:tokenId', () => null).on('GET /api/auth/tokens', () => ({ items: [] }))
    await user.click(button('End nightly deploy'))
    await user.click(button('End token'))
    await waitFor(() => expect(screen.getByText('nightly deploy has ended.')).toBeTruthy())
    expect(api.received('DELETE /api/auth/tokens/:tokenId')[0]?.params).toEqual({ tokenId: ids.other })
  })
})
