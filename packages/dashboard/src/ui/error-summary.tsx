import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

interface ErrorSummaryProps {
  title: string
  detail?: ReactNode
  reference?: string | undefined
  verbs?: ReactNode
}

/** Takes the focus when it appears, so that a failed submit is heard and found. */
export const ErrorSummary = ({ title, detail, reference, verbs }: ErrorSummaryProps) => (
  <div
    ref={takeFocus}
    role="alert"
    tabIndex={-1}
    className="flex gap-3 rounded-lg border border-danger bg-danger-soft p-4 wrap-anywhere"
  >
    <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
    <div className="min-w-0 flex-1 space-y-1">
      <p className="font-semibold">{title}</p>
      {detail && <div className="text-ink-2">{detail}</div>}
      {reference && <p className="font-mono text-xs text-ink-2">{reference}</p>}
      {verbs && <div className="flex flex-wrap gap-2 pt-2">{verbs}</div>}
    </div>
  </div>
)

const takeFocus = (element: HTMLDivElement | null) => element?.focus()
