import { failures } from '@rserve-proxy/contract/failure-texts.ts'
import type { Failure } from '@rserve-proxy/contract/failures.ts'
import type { ReactNode } from 'react'
import { Notice } from '../ui/card.tsx'
import { LogView } from '../ui/log-view.tsx'
import { StatusMark } from './status-mark.tsx'

interface FailureCardProps {
  /** "v13 failed, v12 keeps serving" */
  title: string
  failure: Failure
  verbs?: ReactNode
  /** The last lines are shown unless the log is on the same page. */
  showsLastLines?: boolean
}

/** What happened, why, next step; then what was printed last. */
export function FailureCard({ title, failure, verbs, showsLastLines = false }: FailureCardProps) {
  const { title: what, advice } = failures[failure.code]
  const lines = failure.lastLines.slice(-20).map((text, index) => ({ number: index + 1, text }))
  return (
    <Notice isAlert hue="danger" icon={<StatusMark icon="cross" />} title={title} verbs={verbs}>
      <p>
        <span className="text-ink">{what}.</span> {advice}
      </p>
      <p className="font-mono text-sm whitespace-pre-wrap wrap-anywhere text-ink">{failure.detail}</p>
      {showsLastLines && lines.length > 0 && <LogView label="Last lines" lines={lines} emptyText="" />}
    </Notice>
  )
}
