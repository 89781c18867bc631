import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import axe from 'axe-core'
import { createBrowserRouter, RouterProvider } from 'react-router-dom'
import { expect } from 'vitest'
import { routes } from '../src/routes.tsx'
import { type FakeApi, fakeApi } from './fake-api.ts'
import { user } from './fixtures.ts'

/** An API for somebody who is signed in. */
export const signedInApi = (): FakeApi =>
  fakeApi()
    .on('GET /api/auth/me', () => ({ user: user(), email: null, via: 'session' as const, singleOrigin: false }))
    .on('GET /api/setup', () => ({ needed: false }))

/** Opens an address in the real router. */
export function renderPage(path: string) {
  window.history.pushState(null, '', path)
  const router = createBrowserRouter(routes)
  render(<RouterProvider router={router} />)
  return { user: userEvent.setup(), refresh: () => router.revalidate(), address: () => window.location }
}

export const heading = (name: string | RegExp) => screen.findByRole('heading', { level: 1, name })

/** Colours and layout are seen in screenshots; jsdom computes neither. */
export async function expectAccessible() {
  const { violations } = await axe.run(document, {
    rules: { 'color-contrast': { enabled: false }, 'html-has-lang': { enabled: false } },
  })
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([])
}
