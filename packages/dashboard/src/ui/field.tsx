import { CircleAlert } from 'lucide-react'
import { type ReactNode, useId } from 'react'

export interface ControlProps {
  id: string
  'aria-describedby'?: string
  'aria-invalid'?: true
}

interface FieldProps {
  /** For links to the control; made up when nothing links to it. */
  id?: string
  label: string
  hint?: ReactNode
  error?: string | undefined
  isOptional?: boolean
  /** Renders the control with the ids that tie label, hint and error to it. */
  children: (control: ControlProps) => ReactNode
}

export function Field({ id: givenId, label, hint, error, isOptional = false, children }: FieldProps) {
  const ownId = useId()
  const id = givenId ?? ownId
  const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
        {isOptional && <span className="font-normal text-ink-3"> (optional)</span>}
      </label>
      {children({ id, ...(about && { 'aria-describedby': about }), ...(error && { 'aria-invalid': true }) })}
      {hint && (
        <div id={`${id}-hint`} className="mt-1 text-sm text-ink-3">
          {hint}
        </div>
      )}
      {error && (
        <p id={`${id}-error`} className="mt-1 flex gap-1.5 text-sm text-danger">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="min-w-0 wrap-anywhere">{error}</span>
        </p>
      )}
    </div>
  )
}
