import { SpawnerError } from '../spawner.ts'

export interface TraefikAccess {
  /** Base of the API on the control network; its host name is the one of the API router's rule. */
  url: string
  user: string
  password: string
}

const deadlineMs = 5_000

/** What the proxy itself says it routes. */
export function createTraefikApi({ url, user, password }: TraefikAccess) {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

  return {
    /** Names (`app-…@docker`) of the routers in use, in one request. A router without a healthy server does not exist. */
    async enabledRouters(signal: AbortSignal): Promise<Set<string>> {
      const routers = await ask(new URL('/api/http/routers?per_page=100000', url), authorization, signal)
      return new Set(Array.isArray(routers) ? routers.filter(isEnabled).map((router) => router.name) : [])
    },
  }
}
export type TraefikApi = ReturnType<typeof createTraefikApi>

async function ask(url: URL, authorization: string, signal: AbortSignal): Promise<unknown> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)])
  try {
    const response = await fetch(url, { headers: { authorization }, signal: deadline })
    if (!response.ok) throw new Error(`it answered ${response.status}`)
    return await response.json()
  } catch (error) {
    signal.throwIfAborted()
    throw new SpawnerError('unavailable', `Traefik's API at ${url.origin}: ${reasonOf(error)}`, { cause: error })
  }
}

/** fetch says "fetch failed" and hides why in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message
}

function isEnabled(router: unknown): router is { name: string } {
  if (typeof router !== 'object' || router === null) return false
  return 'name' in router && typeof router.name === 'string' && 'status' in router && router.status === 'enabled'
}
