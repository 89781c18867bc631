import { createHash } from 'node:crypto'
import type { RouteSpec } from '../spawner/spawner.ts'

/** The hash decides whether a route has changed; on Docker a changed one needs a new generation. */
export function routeSpec(route: Omit<RouteSpec, 'routeHash'>): RouteSpec {
  const { hosts, entryPoint, limits, sandbox, reuseConnections, standIn } = route
  const fields = [hosts, entryPoint, limits.openRequests, sandbox, reuseConnections, standIn]
  const routeHash = createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 16)
  return { routeHash, hosts, entryPoint, limits, sandbox, reuseConnections, ...(standIn && { standIn }) }
}
