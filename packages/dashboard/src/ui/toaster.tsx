import { CircleCheck, CircleX, X } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { CopyButton } from './copy-button.tsx'
import { IconButton } from './icon-button.tsx'
import { type Toast, toastStore } from './toast-store.ts'

const shownMs = 6_000

export function Toaster() {
  const toasts = useSyncExternalStore(toastStore.subscribe, toastStore.list)
  return (
    <div role="status" className="fixed right-4 bottom-4 z-10 flex w-90 max-w-[calc(100%-2rem)] flex-col gap-2">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  )
}

function ToastCard({ toast }: { toast: Toast }) {
  const [isHeld, setIsHeld] = useState(false)
  const close = () => toastStore.close(toast.id)

  useEffect(() => {
    if (toast.isError || isHeld) return
    const timer = setTimeout(() => toastStore.close(toast.id), shownMs)
    return () => clearTimeout(timer)
  }, [toast, isHeld])

  return (
    <section
      aria-label={toast.isError ? 'Error' : 'Message'}
      className="flex items-start gap-2 rounded-lg border bg-raised p-3 shadow-raised"
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
    >
      {toast.isError ? (
        <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
      ) : (
        <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />
      )}
      <div className="min-w-0 flex-1 wrap-anywhere">
        <p>{toast.text}</p>
        {toast.reference && <CopyButton text={toast.reference} label="Copy id" />}
      </div>
      <IconButton label="Close" icon={<X aria-hidden className="size-4" />} onClick={close} />
    </section>
  )
}
