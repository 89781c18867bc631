import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { changePassword, login, logout, me, updateMe, verifyPassword } from '@rserve-proxy/contract/auth.ts'
import { endLoginSession, listLoginSessions } from '@rserve-proxy/contract/login-sessions.ts'
import { setUp, setupState } from '@rserve-proxy/contract/setup.ts'
import { createToken, deleteToken, listTokens } from '@rserve-proxy/contract/tokens.ts'
import type { AuthService } from '../../services/auth-service.ts'
import type { Principal } from '../../services/principal.ts'
import type { SetupService } from '../../services/setup-service.ts'
import type { TokenService } from '../../services/token-service.ts'
import { callerOf } from '../caller.ts'

interface Needs {
  auth: AuthService
  setup: SetupService
  tokens: TokenService
  singleOrigin: boolean
}

/** Longest body that a password comes in. */
const bodyLimit = 4096

export const authRoutes: FastifyPluginAsyncTypebox<Needs> = async (server, { auth, setup, tokens, singleOrigin }) => {
  const meOf = (principal: Principal) => {
    const { email, via, scopes } = principal
    const me = { user: userOf(principal), email, via, singleOrigin }
    return via === 'token' ? { ...me, scopes } : me
  }

  server.route({ ...setupState, handler: async () => ({ needed: await setup.isNeeded() }) })

  server.route({
    ...setUp,
    bodyLimit,
    async handler(request, reply) {
      const principal = await setup.setUp(request.body, callerOf(request))
      await reply.signIn(principal, 'set-up')
      return { user: userOf(principal) }
    },
  })

  server.route({
    ...login,
    bodyLimit,
    async handler(request, reply) {
      const principal = await auth.verify(request.body, request.deviceCookie, callerOf(request))
      await reply.signIn(principal, 'login')
      return { user: userOf(principal) }
    },
  })

  server.route({
    ...logout,
    async handler({ principal }, reply) {
      await reply.signOut(principal)
      return null
    },
  })

  server.route({ ...me, handler: async ({ principal }) => meOf(principal) })

  server.route({
    ...updateMe,
    handler: async ({ principal, body }) => meOf(await auth.updateMe(principal, body)),
  })

  server.route({
    ...verifyPassword,
    bodyLimit,
    async handler({ principal, body, session }) {
      await auth.verifyAgain(principal, body.password, session.sessionId)
      return null
    },
  })

  server.route({
    ...changePassword,
    bodyLimit,
    async handler({ principal, body }, reply) {
      await auth.changePassword(principal, body)
      await reply.signIn(principal, 'renewed')
      return null
    },
  })

  server.route({
    ...listLoginSessions,
    handler: async ({ principal, session }) => ({ items: await auth.listSessions(principal, session.sessionId) }),
  })

  server.route({
    ...endLoginSession,
    async handler({ principal, params }) {
      await auth.endOwnSession(principal, params.sessionId)
      return null
    },
  })

  server.route({ ...listTokens, handler: async ({ principal }) => ({ items: await tokens.list(principal) }) })

  server.route({ ...createToken, handler: ({ principal, body }) => tokens.create(principal, body) })

  server.route({
    ...deleteToken,
    async handler({ principal, params }) {
      await tokens.remove(principal, params.tokenId)
      return null
    },
  })
}

const userOf = ({
  userId: id,
  username,
  displayName,
  accountRole: role,
}: Pick<Principal, 'userId' | 'username' | 'displayName' | 'accountRole'>) => ({ id, username, displayName, role })
