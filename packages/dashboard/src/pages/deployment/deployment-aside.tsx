import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import { isPending } from '@rserve-proxy/contract/pending.ts'
import { call } from '../../api.ts'
import { sessionsText } from '../../components/app-status.ts'
import { releaseName } from '../../components/deployment-words.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { mayNotChange } from '../../forms/use-app-verbs.tsx'
import { useVerb } from '../../hooks/use-act.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/card.tsx'
import { clockText, durationText } from '../../ui/time.tsx'

interface DeploymentAsideProps {
  app: App
  deployment: Deployment
  /** The release that visitors get, when it is another one. */
  serving: number | undefined
}

/** What visitors feel. */
export function DeploymentAside({ app, deployment, serving }: DeploymentAsideProps) {
  if (deployment.kind === 'stop') return <StopFacts isOver={!isPending(deployment.status)} />
  if (deployment.status === 'live') {
    return (
      <>
        <Notice hue="success" icon={<StatusMark icon="check" />} title={`Visitors get ${releaseName(deployment)}`} />
        {deployment.draining && <Draining app={app} deployment={deployment} draining={deployment.draining} />}
      </>
    )
  }
  if (serving !== undefined) {
    return (
      <Notice hue="success" icon={<StatusMark icon="check" />} title={`v${serving} keeps serving`}>
        {isPending(deployment.status)
          ? `${app.sessions ? `${sessionsText(app.sessions)}. ` : ''}Visitors notice nothing until Switch, and a failure before it changes nothing.`
          : 'Visitors noticed nothing.'}
      </Notice>
    )
  }
  return (
    <Notice hue="neutral" icon={<StatusMark icon="dashed" />} title="Nothing serves yet">
      {isPending(deployment.status)
        ? 'Visitors reach the app when it answers.'
        : 'Visitors see a page that says the app is not running.'}
    </Notice>
  )
}

interface DrainingProps {
  app: App
  deployment: Deployment
  draining: NonNullable<Deployment['draining']>
}

/** Sessions of the release before go on in their own time. */
function Draining({ app, deployment, draining: { sessions, until } }: DrainingProps) {
  const { run, isBusy } = useVerb()
  const params = { appId: app.id, deploymentId: deployment.id }
  const endNow = () =>
    run(() => call('POST /api/apps/:appId/deployments/:deploymentId/end-drain', { params }), {
      done: 'The old sessions end now.',
    })
  return (
    <Notice
      hue="progress"
      icon={<StatusMark icon="spinner" />}
      title={
        sessions === null
          ? 'Old sessions go on'
          : `${sessionsText(sessions)} of before ${sessions === 1 ? 'goes' : 'go'} on`
      }
      verbs={
        <Button isBusy={isBusy} disabledReason={mayNotChange(app)} onClick={endNow}>
          End now
        </Button>
      }
    >
      In their own time, at the latest until {clockText(new Date(until))} (the drain limit is{' '}
      {durationText(app.drainSeconds)}).
    </Notice>
  )
}

const StopFacts = ({ isOver }: { isOver: boolean }) => (
  <Notice hue="neutral" icon={<StatusMark icon="minus" />} title={isOver ? 'Nothing serves' : 'The route is closed'}>
    {isOver ? 'Visitors see a page that says the app is stopped.' : 'Open sessions get 10 s, then end.'}
  </Notice>
)
