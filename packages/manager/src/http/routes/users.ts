import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  createUser,
  deleteUser,
  endSessionsOfUser,
  getUser,
  listSessionsOfUser,
  listUsers,
  updateUser,
} from '@rserve-proxy/contract/users.ts'
import type { UserService } from '../../services/user-service.ts'

export const userRoutes: FastifyPluginAsyncTypebox<{ users: UserService }> = async (server, { users }) => {
  server.route({ ...listUsers, handler: ({ query }) => users.list(query) })

  server.route({
    ...createUser,
    async handler({ principal, body }, reply) {
      const account = await users.create(principal, body)
      reply.header('location', `/api/users/${account.id}`)
      return account
    },
  })

  server.route({ ...getUser, handler: ({ params }) => users.get(params.userId) })

  server.route({
    ...updateUser,
    handler: ({ principal, params, body }) => users.update(principal, params.userId, body),
  })

  server.route({
    ...deleteUser,
    async handler({ principal, params }) {
      await users.remove(principal, params.userId)
      return null
    },
  })

  server.route({
    ...listSessionsOfUser,
    handler: async ({ params }) => ({ items: await users.listSessions(params.userId) }),
  })

  server.route({
    ...endSessionsOfUser,
    async handler({ principal, params }) {
      await users.signOut(principal, params.userId)
      return null
    },
  })
}
