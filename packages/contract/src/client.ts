import type { Input, Output } from './endpoint.ts'
import type { Api } from './endpoints.ts'
import type { ProblemBody } from './problems.ts'

/** A problem response, or a reply that is none (a proxy's page, no network). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly problem: ProblemBody | undefined

  constructor(status: number, problem: ProblemBody | undefined) {
    super(problem?.detail ?? problem?.title ?? `The server answered ${status}`)
    this.status = status
    this.problem = problem
  }
}

export interface ClientOptions {
  baseUrl: string
  headers?: () => Record<string, string>
  fetch?: typeof fetch
}

interface AnyInput {
  params?: Record<string, unknown>
  querystring?: Record<string, unknown>
  body?: unknown
}

export interface CallOptions {
  signal?: AbortSignal
  headers?: Record<string, string>
}

export type Call = <K extends keyof Api>(key: K, input: Input<Api[K]>, options?: CallOptions) => Promise<Output<Api[K]>>

/** Typed through `Api`; knows endpoints by their key, so that no schema is needed at run time. */
export function createClient({ baseUrl, headers = () => ({}), fetch: send = fetch }: ClientOptions): Call {
  return async (key, input, options = {}) => {
    const { params = {}, querystring = {}, body }: AnyInput = Object(input)
    const [method, pattern = ''] = key.split(' ', 2)
    const isForm = body instanceof FormData
    const response = await send(baseUrl + fillPath(pattern, params) + queryText(querystring), {
      ...(method && { method }),
      ...(options.signal && { signal: options.signal }),
      headers: {
        accept: 'application/json',
        ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
        ...headers(),
        ...options.headers,
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    })
    if (!response.ok) throw new ApiError(response.status, await problemOf(response))
    const text = await response.text()
    return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text || null
  }
}

const fillPath = (pattern: string, params: Record<string, unknown>) =>
  pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])))

function queryText(query: Record<string, unknown>) {
  const text = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) text.set(name, String(value))
  return text.size > 0 ? `?${text}` : ''
}

async function problemOf(response: Response): Promise<ProblemBody | undefined> {
  if (!response.headers.get('content-type')?.includes('problem+json')) return undefined
  return JSON.parse(await response.text())
}
