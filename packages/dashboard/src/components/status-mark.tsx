import type { App } from '@rserve-proxy/contract/apps.ts'
import {
  CircleCheck,
  CircleDashed,
  CircleMinus,
  CircleQuestionMark,
  CircleX,
  LoaderCircle,
  TriangleAlert,
} from 'lucide-react'
import type { ComponentType } from 'react'
import { Badge } from '../ui/badge.tsx'
import { type Hue, hueText } from '../ui/hue.ts'
import { appStatusWords, type StatusIcon, sessionsText } from './app-status.ts'

const icons: Record<StatusIcon, ComponentType<{ className?: string; 'aria-hidden'?: boolean }>> = {
  dashed: CircleDashed,
  minus: CircleMinus,
  spinner: LoaderCircle,
  check: CircleCheck,
  triangle: TriangleAlert,
  cross: CircleX,
  question: CircleQuestionMark,
}

export function StatusMark({ icon, hue }: { icon: StatusIcon; hue?: Hue }) {
  const Icon = icons[icon]
  const spin = icon === 'spinner' ? 'animate-spin' : ''
  return <Icon aria-hidden className={`size-4 shrink-0 ${spin} ${hue ? hueText[hue] : ''}`} />
}

export function AppStatusBadge({ app }: { app: App }) {
  const { hue, icon, word } = appStatusWords(app)
  const sessions = app.status === 'running' && sessionsText(app.sessions)
  return (
    <Badge hue={hue} icon={<StatusMark icon={icon} />}>
      {sessions ? `${word}, ${sessions}` : word}
    </Badge>
  )
}

/** Two lines in a list: what it is, and why. */
export function AppStatusCell({ app }: { app: App }) {
  const { hue, icon, word, detail } = appStatusWords(app)
  return (
    <div className="flex gap-2">
      <span className="mt-0.5">
        <StatusMark icon={icon} hue={hue} />
      </span>
      <span className="min-w-0">
        <span className="block">{word}</span>
        {detail && <span className="block text-sm text-ink-2">{detail}</span>}
      </span>
    </div>
  )
}
