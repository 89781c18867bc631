import { type ReactNode, useState } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Field } from './field.tsx'
import { Input } from './input.tsx'

interface ConfirmDialogProps {
  /** "Stop forecast-api?" */
  title: string
  /** What is lost. */
  children: ReactNode
  /** "Stop app" */
  verb: string
  /** "Keep running": the harmless button, which has the focus. */
  keep: string
  /** Text to type before the verb works. */
  typed?: string
  isBusy?: boolean
  onConfirm: () => void
  onClose: () => void
}

export function ConfirmDialog({ title, children, verb, keep, typed, isBusy, onConfirm, onClose }: ConfirmDialogProps) {
  const [text, setText] = useState('')
  const disabledReason = typed !== undefined && text !== typed ? `Type ${typed} first` : undefined
  return (
    <Dialog
      title={title}
      isBusy={isBusy ?? false}
      onClose={onClose}
      onSubmit={() => disabledReason === undefined && !isBusy && onConfirm()}
      footer={
        <>
          <Button data-autofocus onClick={onClose}>
            {keep}
          </Button>
          <Button type="submit" look="danger" isBusy={isBusy} disabledReason={disabledReason}>
            {verb}
          </Button>
        </>
      }
    >
      <div className="space-y-2 text-ink-2">{children}</div>
      {typed !== undefined && (
        <Field label={`Type ${typed} to confirm`}>
          {(control) => (
            <Input
              {...control}
              isMono
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      )}
    </Dialog>
  )
}
