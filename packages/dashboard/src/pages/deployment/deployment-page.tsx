import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import { isPending } from '@rserve-proxy/contract/pending.ts'
import { useLoaderData } from 'react-router-dom'
import { call, hasCode } from '../../api.ts'
import {
  deploymentLooks,
  deploymentTitle,
  failureTitle,
  releaseName,
  stepProgress,
  tabTitle,
} from '../../components/deployment-words.ts'
import { FailureCard } from '../../components/failure-card.tsx'
import { LiveState } from '../../components/live-state.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ReleaseChanges } from '../../components/release-changes.tsx'
import { ResultIcon } from '../../components/result-icon.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { ApplyFix } from '../../forms/apply-fix.tsx'
import { useLiveApp } from '../../hooks/use-live.ts'
import { liveApps } from '../../live/live-apps.ts'
import { liveLoader } from '../../live-loader.ts'
import { paths } from '../../paths.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { DeploymentAside } from './deployment-aside.tsx'
import { DeploymentSteps } from './deployment-steps.tsx'
import { DeploymentVerbs } from './deployment-verbs.tsx'

export const loader = liveLoader(async ({ params: { appId = '', deploymentId = '' } }) => {
  const askedAt = performance.now()
  const [app, deployment] = await Promise.all([
    call('GET /api/apps/:appId', { params: { appId } }),
    call('GET /api/apps/:appId/deployments/:deploymentId', { params: { appId, deploymentId } }),
  ])
  liveApps.answered([app], askedAt)
  return { app, deployment, diff: await changesOf(app, deployment) }
})

/** From what serves to what is coming; null before it is known, and for what is live already. */
async function changesOf(app: App, { release, status }: Deployment) {
  const live = app.release?.number
  if (!live || !release || live === release || !isPending(status)) return null
  const params = { appId: app.id, number: live, other: release }
  try {
    return await call('GET /api/apps/:appId/releases/:number/diff/:other', { params })
  } catch (error) {
    // Its number is reserved when it begins; the release is there when it is built.
    if (hasCode(error, 'release-not-found')) return null
    throw error
  }
}

export { cancelAction as action } from './cancel-action.ts'

export function DeploymentPage() {
  const loaded = useLoaderData<typeof loader>()
  const app = useLiveApp(loaded.app)
  const deployment = newest(app, loaded.deployment)
  const isNewest = app.deployment?.id === deployment.id
  const look = deploymentLooks[deployment.status]
  const serving = app.release?.number === deployment.release ? undefined : app.release?.number
  return (
    <>
      <title>{tabTitle(deployment, app.name)}</title>
      <ResultIcon status={deployment.status} />
      <PageHeader
        title={deploymentTitle(deployment)}
        crumbs={[
          { label: 'Apps', to: paths.apps() },
          { label: app.name, to: paths.app(app.id) },
          { label: 'Deployments', to: paths.appDeployments(app.id) },
          { label: releaseName(deployment) },
        ]}
        badge={
          <Badge hue={look.hue} icon={<StatusMark icon={look.icon} />}>
            {(isPending(deployment.status) && stepProgress(deployment)) || look.word}
          </Badge>
        }
        verbs={<DeploymentVerbs app={app} deployment={deployment} />}
      >
        <p className="flex flex-wrap gap-x-4 text-ink-2">
          <span>
            Started <RelativeTime iso={deployment.createdAt} />
            {deployment.requestedBy && ` by ${deployment.requestedBy.username}`}
          </span>
          <LiveState />
        </p>
      </PageHeader>
      {deployment.failure && (
        <FailureCard
          title={failureTitle(deployment, serving)}
          failure={deployment.failure}
          verbs={deployment.failure.fix && isNewest && <ApplyFix app={app} fix={deployment.failure.fix} />}
          showsLastLines={deployment.build === null || !failedWhileBuilding(deployment)}
        />
      )}
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="max-lg:order-last">
          <DeploymentSteps key={deployment.id} deployment={deployment} />
        </div>
        <div className="space-y-4">
          <DeploymentAside app={app} deployment={deployment} serving={serving} />
          {loaded.diff && (
            <Card title={`What changes from v${loaded.diff.from}`}>
              <ReleaseChanges diff={loaded.diff} />
            </Card>
          )}
        </div>
      </div>
    </>
  )
}

/** The feed tells of the newest deployment of an app with the app. */
const newest = ({ deployment }: App, loaded: Deployment) => (deployment?.id === loaded.id ? deployment : loaded)

const failedWhileBuilding = ({ steps }: Deployment) =>
  steps.some(({ name, status }) => status === 'failed' && (name === 'fetch' || name === 'packages' || name === 'build'))
