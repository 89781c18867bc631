import type { ReactNode } from 'react'
import { errorWords } from '../components/error-words.ts'
import { useAct } from '../hooks/use-act.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorSummary } from '../ui/error-summary.tsx'

interface ActDialogProps {
  /** Says the verb and the object. */
  title: string
  verb: string
  /** The harmless button. */
  keep?: string
  isDanger?: boolean
  disabledReason?: string | undefined
  /** Said when it is done. */
  done?: string
  write: (form: FormData) => Promise<unknown>
  onClose: () => void
  children: ReactNode | ((error: unknown) => ReactNode)
}

/** Closes when it is done; what went wrong is shown in it, at its field where there is one. */
export function ActDialog({ title, verb, keep = 'Cancel', onClose, children, ...props }: ActDialogProps) {
  const { act, isBusy, error } = useAct()
  async function submit(form: FormData) {
    if (props.disabledReason !== undefined) return
    const isDone = await act(() => props.write(form), { ...(props.done && { done: props.done }) })
    if (isDone) onClose()
  }
  return (
    <Dialog
      title={title}
      isBusy={isBusy}
      onClose={onClose}
      onSubmit={(event) => submit(new FormData(event.currentTarget))}
      footer={
        <>
          <Button look="quiet" {...(props.isDanger && { 'data-autofocus': true })} onClick={onClose}>
            {keep}
          </Button>
          <Button
            type="submit"
            look={props.isDanger ? 'danger' : 'primary'}
            isBusy={isBusy}
            disabledReason={props.disabledReason}
          >
            {verb}
          </Button>
        </>
      }
    >
      {error !== undefined && <ErrorSummary {...errorWords(error)} />}
      {typeof children === 'function' ? children(error) : children}
    </Dialog>
  )
}
