import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { createApp, deleteApp, getApp, listApps, updateApp } from '@rserve-proxy/contract/apps.ts'
import { checkSlug } from '@rserve-proxy/contract/system.ts'
import type { AppService } from '../../services/app-service.ts'
import { entityTag, versionOf } from '../entity-tag.ts'

export const appRoutes: FastifyPluginAsyncTypebox<{ apps: AppService }> = async (server, { apps }) => {
  server.route({ ...listApps, handler: ({ principal, query }) => apps.list(principal, query) })

  server.route({
    ...createApp,
    async handler({ principal, body }, reply) {
      const app = await apps.create(principal, body)
      reply.headers({ location: `/api/apps/${app.id}`, etag: entityTag(app) })
      return app
    },
  })

  server.route({
    ...getApp,
    async handler({ principal, params }, reply) {
      const app = await apps.get(principal, params.appId)
      reply.header('etag', entityTag(app))
      return app
    },
  })

  server.route({
    ...updateApp,
    async handler({ principal, params, body, headers }, reply) {
      const app = await apps.update(principal, params.appId, body, { ifVersion: versionOf(headers['if-match']) })
      reply.header('etag', entityTag(app))
      return app
    },
  })

  server.route({
    ...deleteApp,
    async handler({ principal, params, headers }) {
      await apps.remove(principal, params.appId, { ifVersion: versionOf(headers['if-match']) })
      return null
    },
  })

  server.route({ ...checkSlug, handler: ({ principal, params }) => apps.checkSlug(principal, params.slug) })
}
