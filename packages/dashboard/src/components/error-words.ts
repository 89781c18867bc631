import { ApiError } from '@rserve-proxy/contract/client.ts'
import type { ProblemCode } from '@rserve-proxy/contract/problems.ts'

export interface ErrorWords {
  title: string
  detail: string
  /** What to quote when asking for help. */
  reference?: string | undefined
}

/** One place turns an error into what happened, why and the next step. */
export function errorWords(error: unknown): ErrorWords {
  if (error instanceof ApiError) return problemWords(error)
  if (error instanceof TypeError) {
    return {
      title: 'The manager cannot be reached',
      detail: 'Apps keep running. Check your connection, then try again.',
    }
  }
  if (error instanceof DOMException && error.name === 'AbortError') {
    return { title: 'Cancelled', detail: 'Nothing was deployed.' }
  }
  return { title: 'This page broke', detail: error instanceof Error ? error.message : 'Reload it, then try again.' }
}

function problemWords({ problem, status }: ApiError): ErrorWords {
  if (!problem) {
    return {
      title: 'The manager does not answer',
      detail: `Something in front of it answered ${status}. Apps keep running. Try again in a moment.`,
    }
  }
  const detail = problem.detail ?? problem.errors?.map((entry) => entry.message).join('. ') ?? 'Try again.'
  return { title: problem.title, detail, reference: problem.instance }
}

const fieldsByCode: Partial<Record<ProblemCode, string>> = {
  'slug-taken': 'slug',
  'slug-reserved': 'slug',
  'r-version-not-offered': 'rVersion',
  'not-an-archive': 'bundle',
  'unsafe-archive': 'bundle',
  'entry-script-missing': 'bundle',
  'too-large': 'bundle',
  'unsupported-media-type': 'bundle',
}

/** The message of one field, or of one value in it (`packages.3`). */
export function fieldError(error: unknown, field: string) {
  const problem = error instanceof ApiError ? error.problem : undefined
  const entry = problem?.errors?.find(({ path }) => path === field || path.startsWith(`${field}.`))
  if (entry) return entry.message.charAt(0).toUpperCase() + entry.message.slice(1)
  return problem && fieldsByCode[problem.code] === field ? (problem.detail ?? problem.title) : undefined
}
