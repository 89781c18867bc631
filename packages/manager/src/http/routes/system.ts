import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { cleanUp, getSystem, health, healthz, listRuntimes, readyz } from '@rserve-proxy/contract/system.ts'
import type { CleanupService } from '../../services/cleanup-service.ts'
import type { SystemService } from '../../services/system-service.ts'

type Needs = { system: SystemService }
type AdminNeeds = Needs & { cleanup: CleanupService }

/** Outside the session's reach: they must answer when the database does not. */
export const healthRoutes: FastifyPluginAsyncTypebox<Needs> = async (server, { system }) => {
  server.route({
    ...health,
    async handler() {
      const state = await system.health()
      if (!state.db) throw new Problem('database-unavailable')
      return state
    },
  })

  server.route({ ...healthz, handler: async () => ({ status: 'ok' as const }) })

  server.route({
    ...readyz,
    async handler() {
      if (!(await system.isReady())) {
        throw new Problem('spawner-unavailable', { detail: 'The first look at database and engine is not done' })
      }
      return { status: 'ok' as const }
    },
  })
}

export const systemRoutes: FastifyPluginAsyncTypebox<AdminNeeds> = async (server, { system, cleanup }) => {
  server.route({
    ...getSystem,
    handler: ({ callSignal }) => system.overview(callSignal),
  })

  server.route({
    ...cleanUp,
    handler: ({ principal, query, callSignal }) =>
      cleanup.run(principal, { dryRun: query.dryRun ?? false }, callSignal),
  })

  server.route({
    ...listRuntimes,
    async handler() {
      const versions = await system.runtimes()
      return { items: versions.map((rVersion) => ({ rVersion })) }
    },
  })
}
