import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import { isPending } from '@rserve-proxy/contract/pending.ts'
import { ExternalLink } from 'lucide-react'
import { useFetcher } from 'react-router-dom'
import { useAppVerbs } from '../../forms/use-app-verbs.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'

export function DeploymentVerbs({ app, deployment }: { app: App; deployment: Deployment }) {
  const cancelling = useFetcher()
  const verbs = useAppVerbs(app)
  if (deployment.kind === 'stop') return null
  if (isPending(deployment.status)) {
    return (
      <Button
        isBusy={cancelling.state !== 'idle'}
        disabledReason={deployment.status === 'switching' ? 'Already switched. Deploy other code instead.' : undefined}
        onClick={() => cancelling.submit(null, { method: 'post' })}
      >
        Cancel
      </Button>
    )
  }
  if (deployment.status === 'live') {
    return (
      <a href={app.url} target="_blank" rel="noreferrer" className={buttonClass('primary')}>
        <ExternalLink aria-hidden className="size-4" />
        Open
      </a>
    )
  }
  const isNewest = app.deployment?.id === deployment.id
  if (deployment.status !== 'failed' || !isNewest) return null
  return (
    <>
      <Button
        look="primary"
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
