import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import { isPending } from '@rserve-proxy/contract/pending.ts'
import { ExternalLink } from 'lucide-react'
import { useFetcher } from 'react-router-dom'
import { LinkButton } from '../../components/link-button.tsx'
import { mayNotChange, useAppVerbs } from '../../forms/use-app-verbs.tsx'
import { paths } from '../../paths.ts'
import { Button, buttonClass } from '../../ui/button.tsx'

export function DeploymentVerbs({ app, deployment }: { app: App; deployment: Deployment }) {
  const cancelling = useFetcher()
  const verbs = useAppVerbs(app)
  if (deployment.kind === 'stop') return null
  if (isPending(deployment.status)) {
    return (
      <Button
        isBusy={cancelling.state !== 'idle'}
        disabledReason={
          mayNotChange(app) ?? (deployment.status === 'switching' ? 'Already switched. Roll back instead.' : undefined)
        }
        onClick={() => cancelling.submit(null, { method: 'post' })}
      >
        Cancel
      </Button>
    )
  }
  if (deployment.status === 'live') {
    return (
      <>
        <LinkButton to={paths.appReleases(app.id)}>Roll back</LinkButton>
        <a href={app.url} target="_blank" rel="noreferrer" className={buttonClass('primary')}>
          <ExternalLink aria-hidden className="size-4" />
          Open
        </a>
      </>
    )
  }
  const isNewest = app.deployment?.id === deployment.id
  if (deployment.status !== 'failed' || !isNewest) return null
  return (
    <>
      <Button
        look={deployment.failure?.fix ? 'secondary' : 'primary'}
        isBusy={verbs.isBusy}
        disabledReason={verbs.deploy.disabledReason}
        onClick={verbs.deploy.run}
      >
        {app.codeSource.type === 'upload' ? 'Upload new code' : 'Deploy again'}
      </Button>
      {verbs.dialog}
    </>
  )
}
