import { CircleAlert } from 'lucide-react'
import type { MouseEvent, ReactNode } from 'react'

interface ErrorSummaryProps {
  title: string
  detail?: ReactNode
  /** Messages of fields; each leads to its control. */
  fields?: { id: string; message: string }[]
  reference?: string | undefined
  verbs?: ReactNode
}

/** Takes the focus when it appears, so that a failed submit is heard and found. */
export const ErrorSummary = ({ title, detail, fields = [], reference, verbs }: ErrorSummaryProps) => (
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
      {fields.length > 0 && (
        <ul>
          {fields.map(({ id, message }) => (
            <li key={id}>
              <a href={`#${id}`} className="underline" onClick={goTo}>
                {message}
              </a>
            </li>
          ))}
        </ul>
      )}
      {reference && <p className="font-mono text-xs text-ink-2">{reference}</p>}
      {verbs && <div className="flex flex-wrap gap-2 pt-2">{verbs}</div>}
    </div>
  </div>
)

const takeFocus = (element: HTMLDivElement | null) => element?.focus()

// The address stays as it is: a fragment would be a navigation.
function goTo(event: MouseEvent<HTMLAnchorElement>) {
  event.preventDefault()
  document.getElementById(event.currentTarget.hash.slice(1))?.focus()
}
