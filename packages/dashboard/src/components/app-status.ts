import type { App, AppStatus } from '@rserve-proxy/contract/apps.ts'
import { isPending } from '@rserve-proxy/contract/pending.ts'
import type { Hue } from '../ui/hue.ts'
import { clockText, dateText } from '../ui/time.tsx'
import { releaseName, runningStep, stepProgress } from './deployment-words.ts'
import { pendingText } from './setting-words.ts'

export type StatusIcon = 'dashed' | 'minus' | 'spinner' | 'check' | 'triangle' | 'cross' | 'question'

export interface StatusWords {
  hue: Hue
  icon: StatusIcon
  word: string
  detail?: string | undefined
}

/** What visitors feel comes first; the word is never missing, the colour only adds to it. */
const byStatus: Record<AppStatus, (app: App) => StatusWords> = {
  draft: (app) => ({ hue: 'neutral', icon: 'dashed', word: 'Not deployed', detail: app.statusDetail ?? undefined }),
  stopped: (app) => ({ hue: 'neutral', icon: 'minus', word: 'Stopped', detail: app.statusDetail ?? stoppedSince(app) }),
  starting: startingWords,
  running: runningWords,
  degraded: (app) => ({ hue: 'warning', icon: 'triangle', word: app.statusDetail ?? 'Some replicas do not answer' }),
  'crash-loop': (app) => ({
    hue: 'danger',
    icon: 'cross',
    word: 'Keeps crashing',
    detail: app.statusDetail ?? undefined,
  }),
  failed: (app) => ({ hue: 'danger', icon: 'cross', word: 'Not running', detail: app.statusDetail ?? undefined }),
  unknown: (app) => ({ hue: 'unknown', icon: 'question', word: app.statusDetail ?? 'Engine not reachable' }),
}

/** Sentences of the manager hold times of everywhere; people read those of where they are. */
export function appStatusWords(app: App): StatusWords {
  const statusDetail = app.statusDetail?.replace(isoTimes, (iso) => clockText(new Date(iso))) ?? null
  return byStatus[app.status]({ ...app, statusDetail })
}

const isoTimes = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g

/** The newest deployment failed, whatever still serves. */
export const lastDeployFailed = ({ deployment }: App) => deployment?.status === 'failed'

export const hasPendingDeployment = ({ deployment }: App) => deployment !== null && isPending(deployment.status)

/** Groups of the list; "attention" is what a person should look at. */
export const appGroups = ['attention', 'serving', 'off'] as const
export type AppGroup = (typeof appGroups)[number]

const groupsByStatus: Record<AppStatus, AppGroup[]> = {
  draft: ['off'],
  stopped: ['off'],
  starting: ['off'],
  running: ['serving'],
  degraded: ['serving', 'attention'],
  'crash-loop': ['attention'],
  failed: ['off', 'attention'],
  unknown: ['attention'],
}

export function isInGroup(app: App, group: AppGroup) {
  const isServingOld = app.status === 'starting' && app.release !== null
  if (group === 'serving' && isServingOld) return true
  if (group === 'off' && isServingOld) return false
  return groupsByStatus[app.status].includes(group) || (group === 'attention' && lastDeployFailed(app))
}

function startingWords({ deployment, release, statusDetail }: App): StatusWords {
  const step = deployment && runningStep(deployment)
  const serving = release && `v${release.number} keeps serving`
  const said = [step?.name, serving].filter(Boolean).join('. ')
  return {
    hue: 'progress',
    icon: 'spinner',
    word: step ? `Starting, step ${step.number} of ${step.count}` : 'Starting',
    detail: statusDetail ?? (said || undefined),
  }
}

function runningWords(app: App): StatusWords {
  const word = app.release ? `Running v${app.release.number}` : 'Running'
  if (lastDeployFailed(app))
    return { hue: 'warning', icon: 'triangle', word, detail: app.statusDetail ?? 'The last deploy failed' }
  const pending = app.pendingSettings.length > 0 ? pendingText(app) : undefined
  return { hue: 'success', icon: 'check', word, detail: deployingDetail(app) ?? pending ?? replicasText(app) }
}

function deployingDetail({ deployment }: App) {
  const progress = deployment && isPending(deployment.status) ? stepProgress(deployment) : undefined
  return deployment && progress ? `${releaseName(deployment)}: ${progress}` : undefined
}

const replicasText = ({ replicas, sessions }: App) => (replicas > 1 ? `${replicas} replicas` : sessionsText(sessions))

function stoppedSince({ deployment }: App) {
  if (deployment?.kind !== 'stop' || !deployment.finishedAt) return undefined
  const by = deployment.requestedBy ? `, by ${deployment.requestedBy.username}` : ''
  return `Since ${dateText(deployment.finishedAt)}${by}`
}

export function sessionsText(sessions: number | null) {
  if (sessions === null) return undefined
  return sessions === 1 ? '1 session' : `${sessions} sessions`
}
