import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listFunctions } from '@rserve-proxy/contract/functions.ts'
import { diffReleases, getRelease, getRenvLock, listReleases } from '@rserve-proxy/contract/releases.ts'
import type { ReleaseService } from '../../services/release-service.ts'

export const releaseRoutes: FastifyPluginAsyncTypebox<{ releases: ReleaseService }> = async (server, { releases }) => {
  server.route({
    ...listReleases,
    handler: ({ principal, params, query }) => releases.list(principal, params.appId, query),
  })

  server.route({
    ...getRelease,
    handler: ({ principal, params }) => releases.get(principal, params.appId, params.number),
  })

  server.route({
    ...diffReleases,
    handler: ({ principal, params }) => releases.diff(principal, params.appId, params.number, params.other),
  })

  server.route({
    ...listFunctions,
    handler: ({ principal, params }) => releases.functions(principal, params.appId),
  })

  server.route({
    ...getRenvLock,
    async handler({ principal, params }, reply) {
      const lock = await releases.renvLock(principal, params.appId, params.number)
      reply.type('application/json; charset=utf-8').header('content-disposition', 'attachment; filename="renv.lock"')
      // As text: a second serialiser would quote it.
      reply.serializer(String)
      return lock
    },
  })
}
