import type { AuditEvent, ListAuditQuery } from '@rserve-proxy/contract/audit.ts'
import { Download } from 'lucide-react'
import { Link, useLoaderData, useSearchParams } from 'react-router-dom'
import { call } from '../../api.ts'
import { auditResults, auditText } from '../../components/audit-words.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { useLiveApps } from '../../hooks/use-live.ts'
import { liveLoader } from '../../live-loader.ts'
import { type AuditQuery, auditFile, paths } from '../../paths.ts'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { AuditFilter, queryOf, sinceOf } from './audit-filter.tsx'

export const loader = liveLoader(({ request }) => {
  const query = queryOf(new URL(request.url).searchParams)
  return call('GET /api/audit', { querystring: { limit: 50, ...wireQuery(query) } })
})

const columns: Column<AuditEvent>[] = [
  { header: 'When', place: 'fact', width: 'sm:w-28', cell: ({ at }) => <RelativeTime iso={at} /> },
  { header: 'Who', place: 'corner', cell: (event) => <Who event={event} /> },
  { header: 'What', place: 'name', width: 'sm:w-1/4', cell: (event) => <What event={event} /> },
  { header: 'Target', place: 'wide', width: 'sm:w-1/5', cell: (event) => <Target event={event} /> },
  {
    header: 'From',
    place: 'hidden',
    isWideOnly: true,
    cell: ({ address }) => <span className="text-ink-2">{address ?? 'This machine'}</span>,
  },
  { header: 'Outcome', place: 'verb', width: 'sm:w-24', cell: ({ result }) => <Result result={result} /> },
]

export function AuditPage() {
  const { items, nextCursor } = useLoaderData<typeof loader>()
  const query = queryOf(useSearchParams()[0])
  return (
    <>
      <title>Audit · rserve-proxy</title>
      <PageHeader
        title="Audit"
        verbs={
          <a href={auditFile(wireQuery(query))} download className={buttonClass()}>
            <Download aria-hidden className="size-4" />
            CSV
          </a>
        }
      >
        <p className="text-ink-2">Who did what, newest first. Nothing here can be changed.</p>
      </PageHeader>
      <AuditFilter />
      {items.length > 0 ? (
        <Table isCompact caption="Audit log" columns={columns} rows={items} rowKey={({ id }) => id} />
      ) : (
        <EmptyState text="Nothing matches these filters.">
          <LinkButton to={paths.audit()}>Clear</LinkButton>
        </EmptyState>
      )}
      <div className="flex justify-end gap-2">
        {query.cursor && <LinkButton to={paths.audit({ ...query, cursor: '' })}>Newest</LinkButton>}
        {nextCursor && <LinkButton to={paths.audit({ ...query, cursor: nextCursor })}>Older</LinkButton>}
      </div>
    </>
  )
}

/** Times counted back from now; the words of a hand-written address are the API's to judge. */
function wireQuery({ since, ...query }: AuditQuery): Omit<ListAuditQuery, 'limit'> {
  const from = sinceOf(since)
  const result = (['success', 'denied', 'failed'] as const).find((known) => known === query.result)
  const { result: _, ...rest } = query
  return { ...rest, ...(from && { since: from }), ...(result && { result }) }
}

function Who({ event: { actor, auth } }: { event: AuditEvent }) {
  const how = auth === 'token' ? ', by token' : auth === 'console' ? ', on the machine' : ''
  return (
    <span className="wrap-anywhere">
      {actor?.name ?? 'Nobody'}
      <span className="text-ink-3">{how}</span>
    </span>
  )
}

/** The detail of a verb that deploys is the deployment. */
function What({ event: { action, detail, appId } }: { event: AuditEvent }) {
  if (appId && detail && isId.test(detail)) {
    return (
      <Link to={paths.deployment(appId, detail)} className="hover:underline">
        {auditText(action)}
      </Link>
    )
  }
  return (
    <span className="wrap-anywhere">
      {auditText(action)}
      {detail && <span className="text-ink-3">, {detail}</span>}
    </span>
  )
}

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function Target({ event: { appId, object } }: { event: AuditEvent }) {
  const app = useLiveApps().get(appId ?? '')
  const name = object?.name ?? object?.id
  if (app) {
    return (
      <Link to={paths.app(app.id)} className="wrap-anywhere hover:underline">
        {app.name}
      </Link>
    )
  }
  return <span className="wrap-anywhere text-ink-2">{name ?? '–'}</span>
}

function Result({ result }: { result: AuditEvent['result'] }) {
  const { icon, hue, word } = auditResults[result]
  return (
    <span className="inline-flex items-center gap-1.5">
      <StatusMark icon={icon} hue={hue} />
      {word}
    </span>
  )
}
