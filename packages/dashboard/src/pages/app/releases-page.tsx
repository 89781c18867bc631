import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Release } from '@rserve-proxy/contract/releases.ts'
import { useLoaderData, useSearchParams } from 'react-router-dom'
import { call } from '../../api.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { ReleaseChanges } from '../../components/release-changes.tsx'
import { packagesText } from '../../components/release-facts.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { RollBack } from '../../forms/roll-back.tsx'
import { useApp } from '../../layouts/app-layout.tsx'
import { liveLoader } from '../../live-loader.ts'
import { paths } from '../../paths.ts'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'

/** `compare=3` shows what changed from release 3 to the live one. */
export const loader = liveLoader(async ({ params: { appId = '' }, request }) => {
  const query = new URL(request.url).searchParams
  const cursor = query.get('cursor')
  const [page, app] = await Promise.all([
    call('GET /api/apps/:appId/releases', {
      params: { appId },
      querystring: { limit: 20, ...(cursor && { cursor }) },
    }),
    call('GET /api/apps/:appId', { params: { appId } }),
  ])
  const from = Number(query.get('compare'))
  const live = app.release?.number
  const params = from && live ? { appId, number: from, other: live } : undefined
  return { page, diff: params ? await call('GET /api/apps/:appId/releases/:number/diff/:other', { params }) : null }
})

export function ReleasesPage() {
  const { app } = useApp()
  const { page, diff } = useLoaderData<typeof loader>()
  const columns = columnsOf(
    app,
    page.items.some((release) => release.isLive || release.number < (app.release?.number ?? 0)),
  )
  return (
    <>
      <title>{`Releases · ${app.name}`}</title>
      {diff && (
        <Card
          title={`From v${diff.from} to v${diff.to}`}
          aside={
            <LinkButton to={paths.appReleases(app.id)} size="row" look="quiet">
              Close
            </LinkButton>
          }
        >
          <ReleaseChanges diff={diff} />
        </Card>
      )}
      {page.items.length > 0 ? (
        <Table
          caption="Releases, newest first"
          columns={columns}
          rows={page.items}
          rowKey={({ number }) => `${number}`}
        />
      ) : (
        <EmptyState text="No release yet. The first deploy makes v1." />
      )}
      {page.nextCursor && (
        <div className="flex justify-end">
          <LinkButton to={`?cursor=${encodeURIComponent(page.nextCursor)}`}>Older</LinkButton>
        </div>
      )}
    </>
  )
}

const columnsOf = (app: App, canCompare: boolean): Column<Release>[] => [
  {
    header: 'Release',
    place: 'name',
    width: 'sm:w-20',
    cell: ({ number }) => <span className="font-semibold">v{number}</span>,
  },
  { header: 'State', place: 'corner', width: 'sm:w-24', cell: (release) => <State release={release} /> },
  {
    header: 'Code',
    place: 'wide',
    cell: ({ revision }) => <span className="font-mono text-sm wrap-anywhere">{revision.label}</span>,
  },
  {
    header: 'R',
    place: 'hidden',
    isWideOnly: true,
    cell: (release) => <span className="text-ink-2">{`${release.rVersion}, ${packagesText(release)}`}</span>,
  },
  { header: 'Made', place: 'fact', cell: ({ createdAt }) => <RelativeTime iso={createdAt} /> },
  {
    header: 'Verbs',
    isHeaderHidden: true,
    place: 'verb',
    width: 'sm:w-36 lg:w-56',
    cell: (release) => <Verbs app={app} release={release} canCompare={canCompare} />,
  },
]

function State({ release: { isLive, isAvailable } }: { release: Release }) {
  if (isLive) {
    return (
      <span className="inline-flex items-center gap-1.5">
        <StatusMark icon="check" hue="success" />
        Live
      </span>
    )
  }
  return <span className="text-ink-2">{isAvailable ? 'Kept' : 'Image removed'}</span>
}

function Verbs({ app, release, canCompare }: { app: App; release: Release; canCompare: boolean }) {
  const [query] = useSearchParams()
  if (release.isLive) return null
  const { number } = release
  const isShown = query.get('compare') === String(number)
  return (
    <span className="inline-flex flex-wrap justify-end gap-2">
      {canCompare && app.release && !isShown && (
        <LinkButton to={paths.appReleases(app.id, { compare: String(number) })} size="row" look="quiet">
          Compare <span className="sr-only">v{number}</span>
        </LinkButton>
      )}
      <RollBack
        app={app}
        to={number}
        size="row"
        disabledReason={release.isAvailable ? undefined : 'Its image was removed: only the newest are kept'}
      />
    </span>
  )
}
