import { ChevronsUpDown, CircleStop, Ellipsis, ExternalLink, Hammer, Play, Trash2 } from 'lucide-react'
import { Outlet, useLoaderData, useMatch, useRouteLoaderData } from 'react-router-dom'
import { call } from '../api.ts'
import { LiveState } from '../components/live-state.tsx'
import { PageHeader } from '../components/page-header.tsx'
import { AppStatusBadge } from '../components/status-mark.tsx'
import { TabNav } from '../components/tab-nav.tsx'
import { appVerbAction } from '../forms/app-verbs.ts'
import { useAppVerbs } from '../forms/use-app-verbs.tsx'
import { useLiveApp } from '../hooks/use-live.ts'
import { liveApps } from '../live/live-apps.ts'
import { paletteState } from '../live/palette-state.ts'
import { liveLoader } from '../live-loader.ts'
import { paths, patterns } from '../paths.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Menu } from '../ui/menu.tsx'

export const loader = liveLoader(async ({ params }) => {
  const appId = params.appId ?? ''
  const askedAt = performance.now()
  const app = await call('GET /api/apps/:appId', { params: { appId } })
  liveApps.answered([app], askedAt)
  const number = app.release?.number
  const release = number ? await call('GET /api/apps/:appId/releases/:number', { params: { appId, number } }) : null
  return { app, release }
})

export const action = appVerbAction

/** The app of the page and its live release, for everything below this layout. */
export function useApp() {
  const loaded = useRouteLoaderData<typeof loader>('app')
  if (!loaded) throw new Error('useApp() works below the app layout only')
  return { app: useLiveApp(loaded.app), release: loaded.release }
}

export function AppLayout() {
  const app = useLiveApp(useLoaderData<typeof loader>().app)
  return (
    <>
      <PageHeader
        title={app.name}
        crumbs={[
          { label: 'Apps', to: paths.apps() },
          { label: app.name, verb: <SwitchApp /> },
        ]}
        badge={<AppStatusBadge app={app} />}
        verbs={<Verbs key={app.id} />}
      >
        <p className="flex items-center gap-1 font-mono text-sm text-ink-2">
          <span className="min-w-0 wrap-anywhere">{app.url.replace(/^https?:\/\//, '')}</span>
          <CopyButton text={app.url} label="Copy address" isIconOnly />
          <a href={app.url} target="_blank" rel="noreferrer" className={iconLink}>
            <ExternalLink aria-hidden className="size-4" />
            <span className="sr-only">Open {app.name} in a new tab</span>
          </a>
        </p>
      </PageHeader>
      <TabNav
        label="Parts of the app"
        tabs={[
          { label: 'Overview', to: paths.app(app.id) },
          { label: 'Deployments', to: paths.appDeployments(app.id) },
          { label: 'Releases', to: paths.appReleases(app.id) },
          { label: 'Sessions', to: paths.appSessions(app.id), count: app.sessions ?? undefined },
          { label: 'Logs', to: paths.appLogs(app.id) },
          { label: 'Settings', to: paths.appSettings(app.id) },
        ]}
      >
        <LiveState />
      </TabNav>
      <Outlet />
    </>
  )
}

const SwitchApp = () => (
  <IconButton
    label="Switch to another app"
    icon={<ChevronsUpDown aria-hidden className="size-3.5" />}
    onClick={() => paletteState.set('apps')}
  />
)

const iconLink =
  'inline-flex size-7 items-center justify-center rounded-md text-ink-2 hover:bg-sunken hover:text-ink max-sm:size-10'

function Verbs() {
  const { app } = useApp()
  const verbs = useAppVerbs(app)
  // A form below, or what mends a failure, has the one primary button.
  const hasOther = useMatch(patterns.appSettings) !== null || app.deployment?.failure?.fix !== undefined
  const isOff = app.desiredState === 'stopped'
  const main = isOff && app.hasCode ? 'start' : 'deploy'
  const items = [
    ...(main === 'start'
      ? []
      : [{ label: 'Start', icon: <Play aria-hidden className="size-4" />, ...entry(verbs.start) }]),
    { label: 'Rebuild', icon: <Hammer aria-hidden className="size-4" />, ...entry(verbs.rebuild) },
    { label: 'Stop', icon: <CircleStop aria-hidden className="size-4" />, ...entry(verbs.stop) },
    { label: 'Delete', icon: <Trash2 aria-hidden className="size-4" />, isDanger: true, ...entry(verbs.remove) },
  ]
  return (
    <>
      <Button isBusy={verbs.isBusy} disabledReason={verbs.restart.disabledReason} onClick={verbs.restart.run}>
        Restart
      </Button>
      {main === 'start' && (
        <Button disabledReason={verbs.deploy.disabledReason} onClick={verbs.deploy.run}>
          Deploy
        </Button>
      )}
      <Button
        look={hasOther ? 'secondary' : 'primary'}
        isBusy={verbs.isBusy}
        disabledReason={verbs[main].disabledReason}
        onClick={verbs[main].run}
      >
        {main === 'start' ? 'Start' : 'Deploy'}
      </Button>
      <Menu
        label="More"
        items={items}
        trigger={(props) => (
          <IconButton {...props} hasBorder label="More verbs" icon={<Ellipsis aria-hidden className="size-4" />} />
        )}
      />
      {verbs.dialog}
    </>
  )
}

const entry = ({ run, disabledReason }: { run: () => void; disabledReason?: string | undefined }) => ({
  onSelect: run,
  disabledReason,
})
