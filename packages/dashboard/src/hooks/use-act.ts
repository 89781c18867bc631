import { useState } from 'react'
import { useNavigate, useRevalidator } from 'react-router-dom'
import { toastFailure } from '../components/verb-failure.ts'
import { toastStore } from '../ui/toast-store.ts'

interface ActOptions {
  /** Said when it is done. */
  done?: string
}

/**
 * Writes, then reads the page again. For forms in dialogs, which close when it is done, show what went wrong, and may
 * have an answer that nothing else ever shows; a router action can hand them neither.
 */
export function useAct() {
  const { revalidate } = useRevalidator()
  const navigate = useNavigate()
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  /** Undefined when it failed; `error` says how. */
  async function act<T>(write: () => Promise<T>, { done }: ActOptions = {}): Promise<{ answer: T } | undefined> {
    if (isBusy) return undefined
    setIsBusy(true)
    setError(undefined)
    try {
      const answer = await write()
      if (done) toastStore.show({ isError: false, text: done })
      await revalidate()
      return { answer }
    } catch (failed) {
      const signIn = failed instanceof Response && failed.headers.get('Location')
      if (signIn) navigate(signIn)
      else setError(failed)
      return undefined
    } finally {
      setIsBusy(false)
    }
  }

  return { act, isBusy, error }
}

/** As useAct, for verbs without a form: what went wrong is told once, in a toast that stays. */
export function useVerb() {
  const { act, isBusy } = useAct()
  const run = (write: () => Promise<unknown>, options: ActOptions = {}) =>
    act(() => write().catch(rethrowAsToast), options)
  return { run, isBusy }
}

function rethrowAsToast(error: unknown): never {
  toastFailure(error)
  throw error
}
