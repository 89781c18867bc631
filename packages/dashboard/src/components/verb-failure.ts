import { toastStore } from '../ui/toast-store.ts'
import { errorWords } from './error-words.ts'

/** What went wrong with a verb that has no form: told once, in a toast that stays. A redirect goes through. */
export function toastFailure(error: unknown): null {
  if (error instanceof Response) throw error
  const { title, detail, reference } = errorWords(error)
  toastStore.show({ isError: true, text: `${title}. ${detail}`, reference })
  return null
}
