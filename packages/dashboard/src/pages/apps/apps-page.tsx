import { Plus } from 'lucide-react'
import { useLoaderData } from 'react-router-dom'
import { call } from '../../api.ts'
import { hasPendingDeployment, isInGroup } from '../../components/app-status.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { LiveState } from '../../components/live-state.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { useLiveData } from '../../hooks/use-live-data.ts'
import { liveLoader } from '../../live-loader.ts'
import { paths } from '../../paths.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { AppsFilter, useAppsFilter } from './apps-filter.tsx'
import { AppsTable } from './apps-table.tsx'

export const loader = liveLoader(({ request }) => {
  const q = new URL(request.url).searchParams.get('q')
  return call('GET /api/apps', { querystring: { sort: 'need', limit: 100, ...(q && { q }) } })
})

export function AppsPage() {
  const { data, asOf, isStale } = useLoaderData<typeof loader>()
  const apps = data.items
  const filter = useAppsFilter()
  useLiveData({ isPending: apps.some((app) => app.status === 'starting' || hasPendingDeployment(app)) })
  const shown = filter.show ? apps.filter((app) => filter.show && isInGroup(app, filter.show)) : apps

  if (apps.length === 0 && !filter.q) return <NoApps />
  return (
    <>
      <title>Apps · rserve-proxy</title>
      <PageHeader title="Apps" verbs={<NewAppLink />}>
        <p className="text-ink-2">{summary(apps.filter((app) => isInGroup(app, 'attention')).length, apps.length)}</p>
      </PageHeader>
      <div className="space-y-3">
        <div className="flex flex-wrap items-center gap-3">
          <AppsFilter apps={apps} hasMore={data.nextCursor !== null} filter={filter} />
          <LiveState isStale={isStale} asOf={asOf} />
        </div>
        {shown.length > 0 ? <AppsTable apps={shown} /> : <NothingMatches filter={filter} />}
        {data.nextCursor && (
          <p className="text-sm text-ink-3">The first 100 are shown. Filter by name or address to find others.</p>
        )}
      </div>
    </>
  )
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
      <LinkButton to={paths.newApp()} look="primary">
        Upload
      </LinkButton>
      <LinkButton to={paths.newApp({ from: 'git' })}>From git</LinkButton>
    </EmptyState>
  </>
)

const NothingMatches = ({ filter }: { filter: ReturnType<typeof useAppsFilter> }) => (
  <EmptyState text={filter.q ? `Nothing matches “${filter.q}”.` : 'No app here.'}>
    <LinkButton to={paths.apps()}>Clear</LinkButton>
  </EmptyState>
)

function summary(needy: number, all: number) {
  const need = needy === 1 ? '1 needs attention.' : `${needy} need attention.`
  return needy ? need : `${all === 1 ? '1 app' : `${all} apps`}, nothing needs attention.`
}
