import { Outlet, useLoaderData, useNavigation, useRouteLoaderData } from 'react-router-dom'
import { call } from '../api.ts'
import { useLiveFeed } from '../hooks/use-live-feed.ts'
import { useRouteAnnouncer } from '../hooks/use-route-announcer.ts'
import { liveLoader } from '../live-loader.ts'
import { LoadError } from '../pages/errors/load-error.tsx'
import { Toaster } from '../ui/toaster.tsx'
import { EngineBanner, OneHostBanner } from './banners.tsx'
import { Overlays } from './overlays.tsx'
import { Sidebar, TopBar } from './sidebar.tsx'

export const loader = liveLoader(() => call('GET /api/auth/me', {}))

/** Who is signed in, for every page below the shell. */
export function useUser() {
  const me = useRouteLoaderData<typeof loader>('shell')
  if (!me) throw new Error('useUser() works below the shell only')
  return me.user
}

export function Shell() {
  const { user, singleOrigin } = useLoaderData<typeof loader>()
  const { main, announcement } = useRouteAnnouncer()
  useLiveFeed()
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
          <EngineBanner />
          {singleOrigin && user.role === 'admin' && <OneHostBanner />}
          <Outlet />
        </div>
      </main>
      {isLoading && <div aria-hidden className="fixed inset-x-0 top-0 h-0.5 animate-pulse bg-accent" />}
      <div aria-live="polite" className="sr-only">
        {announcement}
      </div>
      <Overlays user={user} />
      <Toaster />
    </div>
  )
}

export const ShellError = () => (
  <main className="mx-auto max-w-295 space-y-6 px-3 py-6">
    <LoadError />
  </main>
)
