import { ApiError, type Call, createClient } from '@rserve-proxy/contract/client.ts'
import type { ProblemBody, ProblemCode } from '@rserve-proxy/contract/problems.ts'
import type { CodeFacts, Upload } from '@rserve-proxy/contract/uploads.ts'
import { redirect } from 'react-router-dom'
import { passwordPrompt } from './live/password-prompt.ts'
import { paths } from './paths.ts'

export { ApiError }

const client = createClient({ baseUrl: '', fetch: (input, init) => fetch(input, init) })

/**
 * Calls the manager; whoever is not signed in is sent there and comes back afterwards. What needs the password once more
 * asks for it, then goes on.
 */
export const call: Call = async (key, input, options) => {
  try {
    return await client(key, input, options)
  } catch (error) {
    if (key !== 'POST /api/auth/login' && key !== 'POST /api/setup') throwIfSignedOut(error)
    if (hasCode(error, 'password-needed') && (await passwordPrompt.ask())) return client(key, input, options)
    throw error
  }
}

export const hasCode = (error: unknown, code: ProblemCode) => error instanceof ApiError && error.problem?.code === code

function throwIfSignedOut(error: unknown) {
  if (!(error instanceof ApiError) || error.status !== 401) return
  const { pathname, search } = window.location
  throw redirect(paths.signIn(pathname + search))
}

export interface UploadOptions {
  signal: AbortSignal
  onProgress: (sentBytes: number) => void
}

/** XMLHttpRequest, because fetch tells no upload progress. */
export const uploadCode = (appId: string, file: File, options: UploadOptions): Promise<Upload> =>
  sendBundle(`/api/apps/${encodeURIComponent(appId)}/upload`, file, options)

/** What the code of an archive needs; nothing of it is kept. */
export const inspectUpload = (file: File, signal: AbortSignal): Promise<CodeFacts> =>
  sendBundle('/api/uploads/inspect', file, { signal, onProgress: () => undefined })

async function sendBundle<T>(path: string, file: File, { signal, onProgress }: UploadOptions): Promise<T> {
  const form = new FormData()
  form.append('bundle', file)
  const request = new XMLHttpRequest()
  request.open('POST', path)
  request.setRequestHeader('accept', 'application/json')
  request.upload.addEventListener('progress', (event) => onProgress(event.loaded))
  signal.addEventListener('abort', () => request.abort())

  await new Promise<void>((resolve, reject) => {
    request.addEventListener('load', () => resolve())
    request.addEventListener('error', () => reject(new TypeError('The connection broke')))
    request.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')))
    request.send(form)
  })
  if (request.status === 200 || request.status === 201) return JSON.parse(request.responseText)
  const error = new ApiError(request.status, problemOf(request))
  throwIfSignedOut(error)
  throw error
}

function problemOf(request: XMLHttpRequest): ProblemBody | undefined {
  const isProblem = request.getResponseHeader('content-type')?.includes('problem+json')
  return isProblem ? JSON.parse(request.responseText) : undefined
}
