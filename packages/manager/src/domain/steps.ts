import type { DeploymentKind, Step, StepName } from '@rserve-proxy/contract/deployments.ts'

const rolloutSteps: StepName[] = ['start', 'verify', 'switch', 'drain']
const buildSteps: StepName[] = ['fetch', 'packages', 'build', ...rolloutSteps]

/** The steps that a deployment will take, all waiting. */
export function plannedSteps(kind: DeploymentKind, builds: boolean): Step[] {
  const names: StepName[] = kind === 'stop' ? ['drain'] : builds ? buildSteps : rolloutSteps
  return names.map((name) => ({ name, status: 'waiting', startedAt: null, finishedAt: null, detail: null }))
}

/** `name` runs from now on; every earlier step that was open is done. */
export function enterStep(steps: Step[], name: StepName, now: string, detail?: string): Step[] {
  const at = steps.findIndex((step) => step.name === name)
  return steps.map((step, index) => {
    if (index < at) return closed(step, now)
    if (index > at) return step
    return { ...step, status: 'running', startedAt: step.startedAt ?? now, detail: detail ?? step.detail }
  })
}

export function finishStep(steps: Step[], name: StepName, now: string, detail?: string): Step[] {
  return steps.map((step) => (step.name === name ? { ...closed(step, now), detail: detail ?? step.detail } : step))
}

export function skipStep(steps: Step[], name: StepName, detail: string): Step[] {
  return steps.map((step) => (step.name === name ? { ...step, status: 'skipped', detail } : step))
}

/** The running step failed, or the first waiting one when none runs; those after it stay waiting. */
export function failSteps(steps: Step[], now: string): Step[] {
  const running = steps.findIndex((step) => step.status === 'running')
  const at = running >= 0 ? running : steps.findIndex((step) => step.status === 'waiting')
  return steps.map((step, index) =>
    index === at ? { ...step, status: 'failed', startedAt: step.startedAt ?? now, finishedAt: now } : step,
  )
}

function closed(step: Step, now: string): Step {
  if (step.status === 'done' || step.status === 'skipped' || step.status === 'failed') return step
  return { ...step, status: 'done', startedAt: step.startedAt ?? now, finishedAt: now }
}
