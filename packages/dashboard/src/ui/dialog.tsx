import { type FormEvent, type ReactNode, useId, useLayoutEffect, useRef } from 'react'

interface DialogProps {
  /** Says the verb and the object. */
  title: string
  isBusy?: boolean
  onClose: () => void
  onSubmit?: (event: FormEvent<HTMLFormElement>) => void
  children: ReactNode
  footer: ReactNode
}

/** Mounted = open. Closing before it leaves the page gives the focus back to what opened it. */
export function Dialog({ title, isBusy = false, onClose, onSubmit, children, footer }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    element?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    return () => element?.close()
  }, [])

  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      className="m-auto w-full max-w-120 rounded-xl border bg-raised text-left font-normal whitespace-normal text-ink shadow-dialog max-sm:mb-0 max-sm:max-w-full max-sm:rounded-b-none"
      onCancel={(event) => {
        event.preventDefault()
        if (!isBusy) onClose()
      }}
    >
      <form
        noValidate={onSubmit === undefined}
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit?.(event)
        }}
      >
        <div className="space-y-4 p-6">
          <h2 id={titleId} className="text-lg font-semibold">
            {title}
          </h2>
          {children}
        </div>
        <div className="flex flex-wrap justify-end gap-2 border-t px-6 py-4">{footer}</div>
      </form>
    </dialog>
  )
}
