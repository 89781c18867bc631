import type { LoaderFunctionArgs } from 'react-router-dom'
import { ApiError } from './api.ts'

/** What a page shows, and since when it is true. */
export interface Live<T> {
  data: T
  asOf: number
  /** The last refresh did not reach the manager. */
  isStale: boolean
}

// What one person saw is not for the next who signs in.
let session = {}
export function forgetLiveData() {
  session = {}
}

/** A loader whose failed refresh keeps what was there: old data with its time beats an error page. */
export function liveLoader<T>(load: (args: LoaderFunctionArgs) => Promise<T>) {
  let last: { key: string; session: object; answer: Live<T> } | undefined
  return async (args: LoaderFunctionArgs): Promise<Live<T>> => {
    // Not the whole address: the layout of an app stays while its tabs change.
    const key = JSON.stringify(args.params) + new URL(args.request.url).search
    try {
      const answer = { data: await load(args), asOf: Date.now(), isStale: false }
      last = { key, session, answer }
      return answer
    } catch (error) {
      if (last?.key === key && last.session === session && isUnreachable(error))
        return { ...last.answer, isStale: true }
      throw error
    }
  }
}

/** No network, or a proxy and a manager that are not up. */
export function isUnreachable(error: unknown) {
  return error instanceof TypeError || (error instanceof ApiError && error.status >= 500)
}
