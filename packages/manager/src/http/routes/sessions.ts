import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { endSession, listSessions } from '@rserve-proxy/contract/sessions.ts'
import type { SessionService } from '../../services/session-service.ts'

type Needs = { appSessions: SessionService }

export const sessionRoutes: FastifyPluginAsyncTypebox<Needs> = async (server, { appSessions }) => {
  server.route({
    ...listSessions,
    async handler({ principal, params, callSignal }) {
      return { items: await appSessions.list(principal, params.appId, callSignal) }
    },
  })

  server.route({
    ...endSession,
    async handler({ principal, params, callSignal }) {
      await appSessions.end(principal, params.appId, params.sessionId, callSignal)
      return null
    },
  })
}
