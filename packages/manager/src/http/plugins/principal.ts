import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { FastifyRequest, Session } from 'fastify'
import fp from 'fastify-plugin'
import { requireAccess } from '../../services/access.ts'
import type { AuditService } from '../../services/audit-service.ts'
import type { AuthService } from '../../services/auth-service.ts'
import { type Principal, sessionPrincipal } from '../../services/principal.ts'
import type { TokenService } from '../../services/token-service.ts'
import { callerOf } from '../caller.ts'

export interface PrincipalOptions {
  auth: Pick<AuthService, 'findSession'>
  tokens: Pick<TokenService, 'authenticate'>
  audit: Pick<AuditService, 'denied'>
  /** An app's page shares our origin: a sign-in alone is not enough for what would outlast it. */
  stepsUp: boolean
}

/** Who calls, and whether he may. What says nothing about access is for whoever is signed in. */
export const principal = fp<PrincipalOptions>(
  async (server, { auth, tokens, audit, stepsUp }) => {
    // A field of the request: a WeakMap beside it costs as much as knowing the token.
    server.decorateRequest('recognised')
    server.decorateRequest('principal', {
      getter() {
        if (!this.recognised) throw new Problem('not-signed-in')
        return this.recognised
      },
    })

    server.decorateRequest('authorizeAgain', async function () {
      const { access = 'any', app } = this.routeOptions.config
      const now = await principalNow(this)
      if (access !== 'public') requireAccess(access, now, app)
      if (now.role !== this.principal.role) throw new Problem('not-allowed', { detail: 'Your role has changed.' })
    })

    server.addHook('onRequest', async (request) => {
      const { access = 'any', app, stepUp } = request.routeOptions.config
      if (access === 'public') return
      const caller = await principalOf(request)
      request.recognised = caller
      requireAccess(access, caller, app)
      if (stepUp && stepsUp && !caller.isVerified) throw new Problem('password-needed', { detail: askAgain })
    })

    server.addHook('onError', async (request, _reply, error) => {
      const caller = request.recognised
      if (!caller || !(error instanceof Problem) || error.code !== 'not-allowed') return
      const { operationId = request.method } = request.routeOptions.schema ?? {}
      await audit.denied(caller, operationId, appIdIn(request.params))
    })

    const principalOf = (request: FastifyRequest) => recognised(request, async () => request.session.person)

    /** Asked anew, for what goes on for long. */
    const principalNow = (request: FastifyRequest) =>
      recognised(request, () => auth.findSession(request.session.sessionId))

    /** A token alone decides where there is one. */
    function recognised(request: FastifyRequest, findPerson: () => Promise<Session['person']>): Promise<Principal> {
      const { authorization } = request.headers
      return authorization === undefined
        ? signedIn(request, findPerson)
        : tokens.authenticate(authorization, callerOf(request))
    }

    async function signedIn(request: FastifyRequest, findPerson: () => Promise<Session['person']>) {
      const person = await findPerson()
      if (!person) throw new Problem('not-signed-in')
      return sessionPrincipal(person, callerOf(request))
    }
  },
  { name: 'principal', dependencies: ['session'] },
)

const askAgain = 'You gave it more than 15 minutes ago: POST /api/auth/verify { password }, then try again.'

const appIdIn = (params: unknown) => {
  const { appId } = Object(params)
  return typeof appId === 'string' && /^[0-9a-f-]{36}$/.test(appId) ? appId : undefined
}
