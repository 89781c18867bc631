import type { Access } from '@rserve-proxy/contract/endpoint.ts'
import type { ProblemCode } from '@rserve-proxy/contract/problems.ts'

interface Route {
  method: string | string[]
  schema?: object
  config?: { access?: Access; app?: string; servedBy?: string; stepUp?: true }
}

/** What an endpoint may answer because of what it is; it declares only what is its own. */
export function impliedProblems({ method, config, schema = {} }: Route): ProblemCode[] {
  const codes: ProblemCode[] = ['internal', 'database-unavailable', 'shutting-down']
  const has = (...parts: string[]) => parts.some((part) => part in schema)
  if (has('params', 'querystring', 'body')) codes.push('invalid-request', 'uri-too-long')
  if (has('body')) codes.push('unsupported-media-type', 'too-large')
  if (config?.access !== 'public')
    codes.push('not-signed-in', 'token-expired', 'not-allowed', 'foreign-origin', 'too-many-requests')
  if (config?.stepUp) codes.push('password-needed')
  if (config?.app) codes.push('app-not-found')
  if (method !== 'GET' && config?.servedBy !== 'any') codes.push('not-leader')
  if (method === 'POST' && config?.access !== 'public') codes.push('idempotency-key-reused')
  return codes
}
