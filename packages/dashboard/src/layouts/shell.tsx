import { TriangleAlert } from 'lucide-react'
import { Outlet, useLoaderData, useNavigation } from 'react-router-dom'
import { call } from '../api.ts'
import { useRouteAnnouncer } from '../hooks/use-route-announcer.ts'
import { LoadError } from '../pages/errors/load-error.tsx'
import { Toaster } from '../ui/toaster.tsx'
import { Sidebar, TopBar } from './sidebar.tsx'

export const loader = () => call('GET /api/auth/me', {})

export function Shell() {
  const { user, singleOrigin } = useLoaderData<typeof loader>()
  const { main, announcement } = useRouteAnnouncer()
  const isLoading = useNavigation().state === 'loading'
  return (
    <div className="min-h-screen sm:grid sm:grid-cols-[3.5rem_minmax(0,1fr)] lg:grid-cols-[14rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-10 focus:rounded-md focus:bg-raised focus:px-3 focus:py-2"
      >
        Skip to content
      </a>
      <TopBar user={user} />
      <Sidebar user={user} />
      <main
        ref={main}
        id="main"
        tabIndex={-1}
        aria-busy={isLoading}
        className="min-w-0 px-3 py-4 outline-none sm:px-8 sm:py-6"
      >
        <div className="mx-auto max-w-295 space-y-6">
          {singleOrigin && user.role === 'admin' && <OneHostBanner />}
          <Outlet />
        </div>
      </main>
      {isLoading && <div aria-hidden className="fixed inset-x-0 top-0 h-0.5 animate-pulse bg-accent" />}
      <div aria-live="polite" className="sr-only">
        {announcement}
      </div>
      <Toaster />
    </div>
  )
}

export const ShellError = () => (
  <main className="mx-auto max-w-295 space-y-6 px-3 py-6">
    <LoadError />
  </main>
)

const OneHostBanner = () => (
  <p className="flex gap-2 rounded-lg bg-warning-soft px-4 py-2 text-sm text-warning">
    <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
    <span>
      One-host mode: dashboard and apps share an address, and only the browser keeps an app's page away from your
      sign-in. Give apps a host of their own before others use this.
    </span>
  </p>
)
