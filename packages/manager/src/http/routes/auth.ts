import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { login, logout, me } from '@rserve-proxy/contract/auth.ts'
import type { AuthService } from '../../services/auth-service.ts'
import type { Principal } from '../../services/principal.ts'

interface Needs {
  auth: AuthService
  singleOrigin: boolean
}

export const authRoutes: FastifyPluginAsyncTypebox<Needs> = async (server, { auth, singleOrigin }) => {
  server.route({
    ...login,
    bodyLimit: 4096,
    async handler({ body }, reply) {
      const principal = await auth.verify(body)
      await reply.signIn(principal)
      return { user: userOf(principal) }
    },
  })

  server.route({
    ...logout,
    async handler(_request, reply) {
      await reply.signOut()
      return null
    },
  })

  server.route({
    ...me,
    handler: async ({ principal }) => ({ user: userOf(principal), via: principal.via, singleOrigin }),
  })
}

const userOf = ({ userId, username, displayName, role }: Principal) => ({ id: userId, username, displayName, role })
