export interface Toast {
  id: number
  text: string
  /** Errors stay until they are closed. */
  isError: boolean
  /** What to quote when asking for help. */
  reference?: string | undefined
}

let toasts: Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

function set(next: Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}

/** Outside React, because router actions have something to say too. */
export const toastStore = {
  show(toast: Omit<Toast, 'id'>) {
    lastId += 1
    set([...toasts, { ...toast, id: lastId }])
  },
  close(id: number) {
    set(toasts.filter((toast) => toast.id !== id))
  },
  list: () => toasts,
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}
