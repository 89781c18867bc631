import type { Deployment, Step, StepName } from '@rserve-proxy/contract/deployments.ts'
import { useState } from 'react'
import { stepNames, stepPromises } from '../../components/deployment-words.ts'
import { Stepper } from '../../ui/stepper.tsx'
import { Duration } from '../../ui/time.tsx'
import { BuildLog } from './build-log.tsx'

/** One log covers the three. */
const buildSteps: StepName[] = ['fetch', 'packages', 'build']

export function DeploymentSteps({ deployment }: { deployment: Deployment }) {
  // Undefined: nobody chose, so the log is under the step that runs or failed.
  const [chosen, setChosen] = useState<StepName | 'none'>()
  const open = chosen ?? stepWithLog(deployment)
  return (
    <Stepper
      label="Steps"
      steps={deployment.steps.map((step) => {
        const isOpen = step.name === open
        return {
          key: step.name,
          name: stepNames[step.name],
          look: step.status,
          fact: step.detail ?? (step.status === 'waiting' ? stepPromises[step.name] : undefined),
          time: timeOf(step),
          ...(hasLog(deployment, step) && { onToggle: () => setChosen(isOpen ? 'none' : step.name) }),
          ...(isOpen && { content: <BuildLog appId={deployment.appId} deploymentId={deployment.id} /> }),
        }
      })}
    />
  )
}

const hasLog = ({ build }: Deployment, { name, status }: Step) =>
  build !== null && buildSteps.includes(name) && status !== 'waiting' && status !== 'skipped'

const stepWithLog = (deployment: Deployment) =>
  deployment.steps.find((step) => hasLog(deployment, step) && (step.status === 'running' || step.status === 'failed'))
    ?.name

function timeOf({ startedAt, finishedAt, status }: Step) {
  if (!startedAt || status === 'skipped') return undefined
  return <Duration from={startedAt} to={finishedAt} />
}
