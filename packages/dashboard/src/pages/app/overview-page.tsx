import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import { isPending } from '@rserve-proxy/contract/pending.ts'
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router-dom'
import { call } from '../../api.ts'
import { lastDeployFailed } from '../../components/app-status.ts'
import { CallIt } from '../../components/call-it.tsx'
import { CrashCard } from '../../components/crash-card.tsx'
import { DeploymentList } from '../../components/deployment-list.tsx'
import { deploymentLooks, deploymentTitle, failureTitle, stepProgress } from '../../components/deployment-words.ts'
import { FailureCard } from '../../components/failure-card.tsx'
import { LinkButton } from '../../components/link-button.tsx'
import { ReleaseFacts } from '../../components/release-facts.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { ApplyFix } from '../../forms/apply-fix.tsx'
import { RollBack } from '../../forms/roll-back.tsx'
import { UnappliedNotice } from '../../forms/unapplied-notice.tsx'
import { useApp } from '../../layouts/app-layout.tsx'
import { liveLoader } from '../../live-loader.ts'
import { paths } from '../../paths.ts'
import { Card, Notice } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

const shownDeployments = 5

export const loader = liveLoader(async ({ params: { appId = '' } }: LoaderFunctionArgs) => {
  const params = { appId }
  const [{ items }, { functions }] = await Promise.all([
    call('GET /api/apps/:appId/deployments', { params, querystring: { limit: shownDeployments } }),
    call('GET /api/apps/:appId/functions', { params }),
  ])
  return { items, functions }
})

export function OverviewPage() {
  const { app, release } = useApp()
  const { items, functions } = useLoaderData<typeof loader>()
  return (
    <>
      <title>{`${app.name} · rserve-proxy`}</title>
      {lastDeployFailed(app) && app.deployment && <LastFailure app={app} deployment={app.deployment} />}
      <CrashCard app={app} verbs={<CrashVerbs app={app} />} />
      {app.deployment && isPending(app.deployment.status) && <Underway deployment={app.deployment} />}
      <UnappliedNotice app={app} release={release} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="space-y-4">
          {items.length === 0 ? <NotDeployed app={app} /> : <CallIt app={app} functions={functions} />}
        </div>
        <div className="space-y-4">
          {release && <ReleaseFacts app={app} release={release} />}
          {items.length > 0 && (
            <Card
              title="Deployments"
              aside={
                <Link to={paths.appDeployments(app.id)} className="text-sm text-accent-ink underline">
                  All <span className="sr-only">deployments</span>
                </Link>
              }
            >
              <DeploymentList deployments={items} addressOf={({ id }) => paths.deployment(app.id, id)} />
            </Card>
          )}
        </div>
      </div>
    </>
  )
}

const Underway = ({ deployment }: { deployment: Deployment }) => (
  <Notice
    hue="progress"
    icon={<StatusMark icon="spinner" />}
    title={deploymentTitle(deployment)}
    verbs={<LinkButton to={paths.deployment(deployment.appId, deployment.id)}>Follow</LinkButton>}
  >
    {stepProgress(deployment) ?? deploymentLooks[deployment.status].word}
  </Notice>
)

function LastFailure({ app, deployment }: { app: App; deployment: Deployment }) {
  if (!deployment.failure) return null
  return (
    <FailureCard
      title={failureTitle(deployment, app.release?.number)}
      failure={deployment.failure}
      showsLastLines
      verbs={
        <>
          {deployment.failure.fix && <ApplyFix app={app} fix={deployment.failure.fix} />}
          <LinkButton to={paths.deployment(app.id, deployment.id)}>Open deployment</LinkButton>
        </>
      }
    />
  )
}

function CrashVerbs({ app }: { app: App }) {
  const previous = usePrevious(app)
  return (
    <>
      <LinkButton to={paths.appLogs(app.id)}>View logs</LinkButton>
      {previous !== undefined && <RollBack app={app} to={previous} />}
    </>
  )
}

/** The release that was live before, as far as the last deployments tell. */
function usePrevious({ release }: App) {
  const { items } = useLoaderData<typeof loader>()
  return (
    items.find((item) => item.status === 'replaced' && item.release !== null && item.release !== release?.number)
      ?.release ?? undefined
  )
}

const NotDeployed = ({ app }: { app: App }) => (
  <EmptyState
    text={
      app.hasCode
        ? 'Nothing was deployed yet. Deploy puts the code at its address.'
        : 'No code yet. Deploy asks for an archive and puts it at its address.'
    }
  />
)
