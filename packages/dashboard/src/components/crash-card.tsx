import type { App, Crash } from '@rserve-proxy/contract/apps.ts'
import type { ReactNode } from 'react'
import { Notice } from '../ui/card.tsx'
import { LogView } from '../ui/log-view.tsx'
import { RelativeTime } from '../ui/time.tsx'
import { StatusMark } from './status-mark.tsx'

const happened: Record<Crash['kind'], string> = {
  exit: 'R ended',
  session: 'A session was ended by the kernel',
  unhealthy: 'R stopped answering',
}

/** How the app died last, while that is what visitors feel. */
export function CrashCard({ app, verbs }: { app: App; verbs: ReactNode }) {
  const { crash, status } = app
  if (!crash || (status !== 'crash-loop' && status !== 'degraded')) return null
  const isLoop = status === 'crash-loop'
  const lines = crash.lastLines.map((text, index) => ({ number: index + 1, text }))
  return (
    <Notice
      isAlert
      hue={isLoop ? 'danger' : 'warning'}
      icon={<StatusMark icon={isLoop ? 'cross' : 'triangle'} />}
      title={isLoop ? 'Keeps crashing' : 'It crashed, and was started again'}
      verbs={verbs}
    >
      <p>
        {happened[crash.kind]}
        {causeOf(crash)} <RelativeTime iso={crash.at} />.{' '}
        {crash.deaths > 1 && `${crash.deaths} times within ten minutes. `}
        {crash.outOfMemory && 'Raise the memory limit in the settings, or load less.'}
      </p>
      {lines.length > 0 && <LogView label="Last lines before it" lines={lines} emptyText="" />}
    </Notice>
  )
}

function causeOf({ outOfMemory, exitCode }: Crash) {
  if (outOfMemory) return ', out of memory,'
  return exitCode === null ? '' : ` with exit code ${exitCode},`
}
