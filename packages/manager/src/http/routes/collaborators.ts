import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  deleteCollaborator,
  listCollaborators,
  putCollaborator,
  transferApp,
} from '@rserve-proxy/contract/collaborators.ts'
import type { CollaboratorService } from '../../services/collaborator-service.ts'
import { entityTag } from '../entity-tag.ts'

type Needs = { collaborators: CollaboratorService }

export const collaboratorRoutes: FastifyPluginAsyncTypebox<Needs> = async (server, { collaborators }) => {
  server.route({
    ...listCollaborators,
    handler: async ({ principal, params }) => ({ items: await collaborators.list(principal, params.appId) }),
  })

  server.route({
    ...putCollaborator,
    handler: async ({ principal, params, body }) => ({
      items: await collaborators.put(principal, params.appId, body),
    }),
  })

  server.route({
    ...deleteCollaborator,
    async handler({ principal, params, query }) {
      await collaborators.remove(principal, params.appId, query.userId)
      return null
    },
  })

  server.route({
    ...transferApp,
    async handler({ principal, params, body }, reply) {
      const app = await collaborators.transfer(principal, params.appId, body)
      reply.header('etag', entityTag(app))
      return app
    },
  })
}
