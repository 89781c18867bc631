import type { App } from '@rserve-proxy/contract/apps.ts'
import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import { isPending } from '@rserve-proxy/contract/pending.ts'
import { releaseName } from '../../components/deployment-words.ts'
import { StatusMark } from '../../components/status-mark.tsx'
import { Notice } from '../../ui/card.tsx'
import { durationText } from '../../ui/time.tsx'

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
      <Notice hue="success" icon={<StatusMark icon="check" />} title={`Visitors get ${releaseName(deployment)}`}>
        {isDraining(deployment) &&
          `Sessions that began before end in their own time, at most ${durationText(app.drainSeconds)}.`}
      </Notice>
    )
  }
  if (serving !== undefined) {
    return (
      <Notice hue="success" icon={<StatusMark icon="check" />} title={`v${serving} keeps serving`}>
        {isPending(deployment.status)
          ? 'Visitors notice nothing until Switch, and a failure before it changes nothing.'
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

const isDraining = ({ steps }: Deployment) => steps.some(({ name, status }) => name === 'drain' && status === 'running')

const StopFacts = ({ isOver }: { isOver: boolean }) => (
  <Notice hue="neutral" icon={<StatusMark icon="minus" />} title={isOver ? 'Nothing serves' : 'The route is closed'}>
    {isOver ? 'Visitors see a page that says the app is stopped.' : 'Open sessions get 10 s, then end.'}
  </Notice>
)
