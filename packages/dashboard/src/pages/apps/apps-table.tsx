import type { App } from '@rserve-proxy/contract/apps.ts'
import { Link } from 'react-router-dom'
import { releaseName } from '../../components/deployment-words.ts'
import { AppStatusCell } from '../../components/status-mark.tsx'
import { useHeldOrder } from '../../hooks/use-held-order.ts'
import { paths } from '../../paths.ts'
import { type Column, Table } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { AppRowMenu, AppRowVerb } from './app-row-verbs.tsx'

const columns: Column<App>[] = [
  { header: 'App', place: 'name', width: 'sm:w-1/4', cell: (app) => <NameCell app={app} /> },
  { header: 'Status', place: 'wide', width: 'sm:w-1/4 lg:w-1/3', cell: (app) => <AppStatusCell app={app} /> },
  {
    header: 'Sessions',
    place: 'hidden',
    isWideOnly: true,
    width: 'sm:w-20',
    isNumber: true,
    cell: (app) => <SessionsCell app={app} />,
  },
  { header: 'Last deploy', place: 'fact', cell: (app) => <LastDeployCell app={app} /> },
  { header: 'Verb', isHeaderHidden: true, place: 'verb', width: 'sm:w-36', cell: (app) => <AppRowVerb app={app} /> },
  { header: 'More', isHeaderHidden: true, place: 'corner', width: 'sm:w-14', cell: (app) => <AppRowMenu app={app} /> },
]

export function AppsTable({ apps }: { apps: App[] }) {
  const { ordered, holders } = useHeldOrder(apps)
  return <Table {...holders} caption="Apps" columns={columns} rows={ordered} rowKey={(app) => app.id} />
}

const NameCell = ({ app }: { app: App }) => (
  <>
    <Link to={paths.app(app.id)} className="block font-semibold wrap-anywhere hover:underline">
      {app.name}
    </Link>
    <span className="block font-mono text-xs wrap-anywhere text-ink-3">/{app.slug}</span>
  </>
)

const SessionsCell = ({ app: { sessions } }: { app: App }) => (
  <span className={sessions ? '' : 'text-ink-3'}>{sessions ?? '–'}</span>
)

function LastDeployCell({ app: { deployment, codeSource } }: { app: App }) {
  if (!deployment) return <span className="text-ink-3">Never</span>
  const by = deployment.requestedBy?.username
  const from = codeSource.type === 'git' ? `git ${codeSource.branch ?? ''}`.trim() : 'upload'
  return (
    <span className="text-ink-2">
      <span className="font-medium text-ink">
        {releaseName(deployment)}
        {deployment.status === 'failed' && ' failed'}
      </span>
      {' · '}
      <RelativeTime iso={deployment.createdAt} />
      <span className="block text-sm text-ink-3 max-lg:hidden">{[by, from].filter(Boolean).join(', ')}</span>
    </span>
  )
}
