import type { LoaderFunctionArgs } from 'react-router-dom'
import { ApiError } from './api.ts'
import { viewer } from './live/viewer.ts'

/** A loader whose failed refresh keeps what was there: old data beats an error page, and the feed says how old it is. */
export function liveLoader<T>(load: (args: LoaderFunctionArgs) => Promise<T>) {
  let last: { key: string; viewer: number; data: T } | undefined
  return async (args: LoaderFunctionArgs): Promise<T> => {
    // Not the whole address: the layout of an app stays while its tabs change.
    const key = JSON.stringify(args.params) + new URL(args.request.url).search
    try {
      const data = await load(args)
      last = { key, viewer: viewer.get(), data }
      return data
    } catch (error) {
      if (last?.key === key && last.viewer === viewer.get() && isUnreachable(error)) return last.data
      throw error
    }
  }
}

/** No network, or a proxy and a manager that are not up. */
export function isUnreachable(error: unknown) {
  return error instanceof TypeError || (error instanceof ApiError && error.status >= 500)
}
