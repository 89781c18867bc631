import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import { Link, useLoaderData } from 'react-router-dom'
import { call } from '../../api.ts'
import { deploymentLooks, deploymentResult, releaseName } from '../../components/deployment-words.ts'
import { LinkButton } from '../../components/link-button.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { useApp } from '../../layouts/app-layout.tsx'
import { liveLoader } from '../../live-loader.ts'
import { paths } from '../../paths.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { durationText, RelativeTime, secondsSince } from '../../ui/time.tsx'

export const loader = liveLoader(({ params, request }) => {
  const cursor = new URL(request.url).searchParams.get('cursor')
  return call('GET /api/apps/:appId/deployments', {
    params: { appId: params.appId ?? '' },
    querystring: { limit: 20, ...(cursor && { cursor }) },
  })
})

const columns: Column<Deployment>[] = [
  { header: 'Release', place: 'name', width: 'sm:w-1/6', cell: (deployment) => <NameCell deployment={deployment} /> },
  { header: 'Result', place: 'wide', width: 'sm:w-1/4', cell: (deployment) => <ResultCell deployment={deployment} /> },
  { header: 'Code', place: 'hidden', cell: ({ steps }) => factOf(steps) },
  { header: 'Started', place: 'fact', cell: (deployment) => <StartedCell deployment={deployment} /> },
]

export function DeploymentsPage() {
  const { app } = useApp()
  const { items, nextCursor } = useLoaderData<typeof loader>()
  return (
    <>
      <title>{`Deployments · ${app.name}`}</title>
      {items.length === 0 ? (
        <EmptyState text="Nothing was deployed yet." />
      ) : (
        <Table caption="Deployments, newest first" columns={columns} rows={items} rowKey={({ id }) => id} />
      )}
      {nextCursor && (
        <div className="flex justify-end">
          <LinkButton to={paths.appDeployments(app.id, { cursor: nextCursor })}>Older</LinkButton>
        </div>
      )}
    </>
  )
}

const NameCell = ({ deployment }: { deployment: Deployment }) => (
  <Link to={paths.deployment(deployment.appId, deployment.id)} className="font-semibold hover:underline">
    {releaseName(deployment)}
  </Link>
)

function ResultCell({ deployment }: { deployment: Deployment }) {
  const { icon, hue } = deploymentLooks[deployment.status]
  return (
    <span className="flex items-center gap-2">
      <StatusMark icon={icon} hue={hue} />
      {deploymentResult(deployment)}
    </span>
  )
}

function StartedCell({ deployment }: { deployment: Deployment }) {
  const { createdAt, finishedAt, requestedBy } = deployment
  const took = finishedAt && `, took ${durationText(secondsSince(createdAt, Date.parse(finishedAt)))}`
  return (
    <span className="text-ink-2">
      <RelativeTime iso={createdAt} />
      {took}
      {requestedBy && `, by ${requestedBy.username}`}
    </span>
  )
}

/** Which code it was, as the step that fetched it says. */
const factOf = (steps: Deployment['steps']) => (
  <span className="text-sm text-ink-2">{steps.find(({ name }) => name === 'fetch')?.detail}</span>
)
