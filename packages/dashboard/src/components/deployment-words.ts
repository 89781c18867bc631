import type { Deployment, DeploymentKind, DeploymentStatus, StepName } from '@rserve-proxy/contract/deployments.ts'
import { isPending } from '@rserve-proxy/contract/pending.ts'
import type { Hue } from '../ui/hue.ts'
import type { StatusIcon } from './app-status.ts'

export const stepNames: Record<StepName, string> = {
  fetch: 'Fetch',
  packages: 'Packages',
  build: 'Build',
  start: 'Start',
  verify: 'Verify',
  switch: 'Switch',
  drain: 'Drain',
}

/** What each step will do, while it waits. */
export const stepPromises: Record<StepName, string> = {
  fetch: 'Get the code',
  packages: 'Install what it needs',
  build: 'Put code and packages together',
  start: 'Start beside the old one',
  verify: 'Rserve must answer',
  switch: 'New visitors reach it',
  drain: 'Old sessions end in their own time',
}

interface DeploymentLook {
  hue: Hue
  icon: StatusIcon
  word: string
}

export const deploymentLooks: Record<DeploymentStatus, DeploymentLook> = {
  queued: { hue: 'progress', icon: 'dashed', word: 'Waiting in line' },
  building: { hue: 'progress', icon: 'spinner', word: 'Building' },
  starting: { hue: 'progress', icon: 'spinner', word: 'Starting' },
  verifying: { hue: 'progress', icon: 'spinner', word: 'Verifying' },
  switching: { hue: 'progress', icon: 'spinner', word: 'Switching' },
  live: { hue: 'success', icon: 'check', word: 'Live' },
  replaced: { hue: 'neutral', icon: 'check', word: 'Replaced' },
  stopped: { hue: 'neutral', icon: 'minus', word: 'Stopped' },
  failed: { hue: 'danger', icon: 'cross', word: 'Failed' },
  cancelled: { hue: 'neutral', icon: 'minus', word: 'Cancelled' },
  superseded: { hue: 'neutral', icon: 'minus', word: 'Overtaken by a newer deploy' },
}

const doing: Record<DeploymentKind, string> = {
  start: 'Starting',
  deploy: 'Deploying',
  rebuild: 'Rebuilding',
  restart: 'Restarting',
  rollback: 'Rolling back to',
  settings: 'Applying settings to',
  stop: 'Stopping',
}

/** "v12"; a deployment that failed before it got a number has none. */
export function releaseName({ release, kind }: Deployment) {
  if (kind === 'stop') return 'Stop'
  return release === null ? 'New release' : `v${release}`
}

/** Title of a deployment page. */
export function deploymentTitle(deployment: Deployment) {
  const { kind, status, release } = deployment
  if (isPending(status))
    return kind === 'stop' ? 'Stopping' : `${doing[kind]} ${release ? `v${release}` : 'a new release'}`
  if (kind === 'stop' && status === 'stopped') return 'Stopped'
  return `${releaseName(deployment)} ${endings[status] ?? status}`
}

const endings: Partial<Record<DeploymentStatus, string>> = {
  live: 'is live',
  replaced: 'was replaced',
  stopped: 'was stopped',
  failed: 'failed',
  cancelled: 'was cancelled',
  superseded: 'was overtaken',
}

/** The tab's title tells the result from afar. */
export function tabTitle(deployment: Deployment, appName: string) {
  const marks: Partial<Record<DeploymentStatus, string>> = { live: '✓ ', failed: '✗ ' }
  const name = releaseName(deployment)
  const text = deployment.status === 'live' ? `${name} live` : deploymentTitle(deployment)
  return `${marks[deployment.status] ?? ''}${text} · ${appName}`
}

/** "Failed at Packages" in a list. */
export function deploymentResult(deployment: Deployment) {
  const failedStep = deployment.steps.find((step) => step.status === 'failed')
  if (deployment.status === 'failed' && failedStep) return `Failed at ${stepNames[failedStep.name]}`
  return deploymentLooks[deployment.status].word
}

/** "v11 failed at Packages" in a short list. */
export function deploymentSummary(deployment: Deployment) {
  if (deployment.kind === 'stop') return isPending(deployment.status) ? 'Stopping' : 'Stopped'
  const result = deploymentResult(deployment)
  return `${releaseName(deployment)} ${result.charAt(0).toLowerCase()}${result.slice(1)}`
}

export function runningStep({ steps }: Deployment) {
  const at = steps.findIndex((step) => step.status === 'running')
  const step = steps[at]
  return step && { name: stepNames[step.name], number: at + 1, count: steps.length }
}

/** "Build, step 3 of 7", or that it waits. */
export function stepProgress(deployment: Deployment) {
  if (deployment.status === 'queued') return queueText(deployment.build?.queuePosition)
  const step = runningStep(deployment)
  return step && `${step.name}, step ${step.number} of ${step.count}`
}

function queueText(position: number | null | undefined) {
  if (!position) return 'Waiting in line'
  return position === 1 ? 'Next in line' : `${ordinal(position)} in line`
}

const endingsOf: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' }
const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
const ordinal = (number: number) => `${number}${endingsOf[ordinals.select(number)] ?? 'th'}`

/** What visitors feel comes with what failed. */
export function failureTitle(deployment: Deployment, serving: number | undefined) {
  const title = deploymentTitle(deployment)
  return serving === undefined ? title : `${title}, v${serving} keeps serving`
}
