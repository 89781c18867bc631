import { needKey } from '@rserve-proxy/contract/app-need.ts'
import type { App } from '@rserve-proxy/contract/apps.ts'
import { Plus } from 'lucide-react'
import { isInGroup } from '../../components/app-status.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { LiveState } from '../../components/live-state.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { useAppListState, useLiveApps } from '../../hooks/use-live.ts'
import { appList } from '../../live/app-list.ts'
import { paths } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { AppsFilter, useAppsFilter } from './apps-filter.tsx'
import { AppsTable } from './apps-table.tsx'

export async function loader() {
  await appList.open()
  return null
}

export function AppsPage() {
  const apps = sorted([...useLiveApps().values()])
  const state = useAppListState()
  const filter = useAppsFilter()
  const found = apps.filter((app) => matches(app, filter.q))
  const shown = found.filter((app) => !filter.show || isInGroup(app, filter.show))

  if (apps.length === 0 && state === 'complete') return <NoApps />
  return (
    <>
      <title>Apps · rserve-proxy</title>
      <PageHeader title="Apps" verbs={<NewAppLink />}>
        <p className="text-ink-2">{summary(apps)}</p>
      </PageHeader>
      <div className="space-y-3">
        <div className="flex flex-wrap items-center gap-3">
          <AppsFilter apps={found} hasMore={state !== 'complete'} filter={filter} />
          <LiveState />
        </div>
        {shown.length > 0 ? <AppsTable apps={shown} /> : <NothingMatches filter={filter} />}
        {state === 'broken' && <NotAllHere />}
      </div>
    </>
  )
}

function sorted(apps: App[]) {
  const keyed = apps.map((app) => ({ app, key: needKey(app) }))
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ app }) => app)
}

function matches({ name, slug }: App, q: string) {
  const wanted = q.trim().toLowerCase()
  return name.toLowerCase().includes(wanted) || slug.includes(wanted)
}

const NewAppLink = () => (
  <LinkButton to={paths.newApp()} look="primary" icon={<Plus aria-hidden className="size-4" />}>
    New app
  </LinkButton>
)

const NoApps = () => (
  <>
    <title>Apps · rserve-proxy</title>
    <PageHeader title="Apps" />
    <EmptyState text="Put R code at an address.">
      <LinkButton to={paths.newApp({ from: 'sample' })} look="primary">
        Deploy the sample
      </LinkButton>
      <LinkButton to={paths.newApp({ from: 'git' })}>From git</LinkButton>
      <LinkButton to={paths.newApp()}>Upload</LinkButton>
    </EmptyState>
  </>
)

const NothingMatches = ({ filter }: { filter: ReturnType<typeof useAppsFilter> }) => (
  <EmptyState text={filter.q ? `Nothing matches “${filter.q}”.` : 'No app here.'}>
    <LinkButton to={paths.apps()}>Clear</LinkButton>
  </EmptyState>
)

const NotAllHere = () => (
  <p role="alert" className="flex flex-wrap items-center gap-3 text-sm text-ink-2">
    Not all apps could be read.
    <Button size="row" onClick={() => appList.reload().catch(() => undefined)}>
      Try again
    </Button>
  </p>
)

function summary(apps: App[]) {
  const needy = apps.filter((app) => isInGroup(app, 'attention')).length
  const serving = apps.filter((app) => isInGroup(app, 'serving'))
  const sessions = serving.reduce((sum, app) => sum + (app.sessions ?? 0), 0)
  const attention =
    needy === 0 ? 'Nothing needs attention.' : needy === 1 ? '1 needs attention.' : `${needy} need attention.`
  const serve = `${serving.length === 1 ? '1 app serves' : `${serving.length} apps serve`} ${sessions === 1 ? '1 session' : `${sessions} sessions`}.`
  return `${attention} ${serving.length === 0 ? 'No app serves now.' : serve}`
}
