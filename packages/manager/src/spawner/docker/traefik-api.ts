import { SpawnerError } from '../spawner.ts'

export interface TraefikAccess {
  /** Base of the API on the control network; its host name is the one of the API router's rule. */
  url: string
  user: string
  password: string
}

/** Names as the API has them, with their provider: `app-3f2a9c41-g7@docker`. */
export interface ProxyRoutes {
  /** Enabled routers. */
  routers: Set<string>
  /** Addresses of the servers behind each service. */
  addresses: Map<string, Set<string>>
}

const deadlineMs = 5_000

/** What the proxy itself says it routes. */
export function createTraefikApi({ url, user, password }: TraefikAccess) {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

  return {
    /** What is routed where, in two requests. A router without a healthy server does not exist. */
    async routes(signal: AbortSignal): Promise<ProxyRoutes> {
      const [routers, services] = await Promise.all(
        ['routers', 'services'].map((kind) =>
          ask(new URL(`/api/http/${kind}?per_page=100000`, url), authorization, signal),
        ),
      )
      return {
        routers: new Set(
          listOf(routers)
            .filter(isEnabled)
            .map(({ name }) => name),
        ),
        addresses: new Map(
          listOf(services)
            .filter(isNamed)
            .map((service) => [service.name, addressesOf(service)]),
        ),
      }
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

const listOf = (answer: unknown): unknown[] => (Array.isArray(answer) ? answer : [])

function isNamed(entry: unknown): entry is { name: string } {
  return typeof entry === 'object' && entry !== null && 'name' in entry && typeof entry.name === 'string'
}

function isEnabled(router: unknown): router is { name: string } {
  return isNamed(router) && 'status' in router && router.status === 'enabled'
}

/** `{ loadBalancer: { servers: [{ url: 'http://10.213.128.3:6311' }] } }` */
function addressesOf(service: object): Set<string> {
  const balancer = 'loadBalancer' in service ? Object(service.loadBalancer) : {}
  const servers = listOf(Reflect.get(balancer, 'servers')).map((server) => String(Reflect.get(Object(server), 'url')))
  return new Set(servers.flatMap((server) => (URL.canParse(server) ? [new URL(server).hostname] : [])))
}
