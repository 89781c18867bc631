import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

/** Endpoints are private unless they say `public`. */
export const principal = fp(
  async (server) => {
    server.decorateRequest('principal', {
      getter() {
        return principalOf(this)
      },
    })
    server.addHook('onRequest', async (request) => {
      if (!request.routeOptions.config.public) principalOf(request)
    })
  },
  { name: 'principal', dependencies: ['session'] },
)

function principalOf({ session }: FastifyRequest) {
  if (!session?.principal) throw new Problem('not-signed-in')
  return session.principal
}
