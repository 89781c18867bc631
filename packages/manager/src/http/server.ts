import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import Fastify, { type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import './fastify-types.ts'
import { parseJson } from './parse-json.ts'
import { apiDocsRoutes, apiDocument } from './plugins/api-docs.ts'
import { cleanText } from './plugins/clean-text.ts'
import { conventions } from './plugins/conventions.ts'
import { dashboard } from './plugins/dashboard.ts'
import { idempotency } from './plugins/idempotency.ts'
import { leader } from './plugins/leader.ts'
import { principal } from './plugins/principal.ts'
import { answerProblem, problems, refuseUnknown } from './plugins/problems.ts'
import { rateLimit } from './plugins/rate-limit.ts'
import { protect, security } from './plugins/security.ts'
import { sessions } from './plugins/session.ts'
import { appRoutes } from './routes/apps.ts'
import { auditRoutes } from './routes/audit.ts'
import { authRoutes } from './routes/auth.ts'
import { collaboratorRoutes } from './routes/collaborators.ts'
import { deploymentRoutes } from './routes/deployments.ts'
import { eventRoutes } from './routes/events.ts'
import { gitRoutes } from './routes/git.ts'
import { logRoutes } from './routes/logs.ts'
import { oneCallRoutes } from './routes/one-call.ts'
import { releaseRoutes } from './routes/releases.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { stoppedPageRoutes } from './routes/stopped-pages.ts'
import { healthRoutes, systemRoutes } from './routes/system.ts'
import { uploadRoutes } from './routes/uploads.ts'
import { userRoutes } from './routes/users.ts'
import type { ServerOptions } from './server-options.ts'
import { answerUnreadable } from './unreadable-request.ts'
import { validatorCompiler } from './validators.ts'

/** Everything that answers HTTP, in the order in which it acts. Listening and closing are the caller's. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { config, services } = options
  const server = createFastify(options)

  await server.register(security, { https: config.COOKIE_SECURE })
  await server.register(problems)
  await server.register(cleanText)
  await server.register(conventions)
  await server.register(apiDocument)

  await server.register(healthRoutes, { system: services.system })
  await server.register(stoppedPageRoutes, { stoppedPages: services.stoppedPages })
  await server.register(apiRoutes, options)

  if (config.DASHBOARD_DIR) {
    await server.register(dashboard, { directory: config.DASHBOARD_DIR, singleOrigin: config.singleOrigin })
  } else server.setNotFoundHandler(refuseUnknown)

  await server.ready()
  return server
}

/** The part that knows who calls. */
async function apiRoutes(api: FastifyInstance, options: ServerOptions) {
  const { config, services, isLeading = () => true, recheckMs = 60_000 } = options
  api.decorate('recheckMs', recheckMs)
  await api.register(sessions, {
    sessions: services.auth,
    secret: config.SESSION_SECRET,
    secure: config.COOKIE_SECURE,
    origin: new URL(config.MANAGER_URL).origin,
    singleOrigin: config.singleOrigin,
  })
  await api.register(principal, {
    auth: services.auth,
    tokens: services.tokens,
    audit: services.audit,
    stepsUp: config.singleOrigin,
  })
  await api.register(rateLimit, { perMinute: config.REQUESTS_PER_MINUTE })
  await api.register(leader, { isLeading })
  await api.register(idempotency, { idempotency: services.idempotency, secret: config.SESSION_SECRET })

  const { auth, setup, tokens } = services
  await api.register(authRoutes, { auth, setup, tokens, singleOrigin: config.singleOrigin })
  await api.register(userRoutes, { users: services.users })
  await api.register(auditRoutes, { audit: services.audit })
  await api.register(appRoutes, { apps: services.apps })
  await api.register(collaboratorRoutes, { collaborators: services.collaborators })
  await api.register(uploadRoutes, { uploads: services.uploads })
  await api.register(deploymentRoutes, { deployments: services.deployments })
  await api.register(gitRoutes, { credentials: services.credentials, gitInspect: services.gitInspect })
  await api.register(oneCallRoutes, { oneCall: services.oneCall, deployments: services.deployments })
  await api.register(releaseRoutes, { releases: services.releases })
  await api.register(sessionRoutes, { appSessions: services.appSessions })
  await api.register(logRoutes, { logs: services.logs })
  await api.register(eventRoutes, { events: services.events })
  await api.register(systemRoutes, { system: services.system, cleanup: services.cleanup })
  await api.register(apiDocsRoutes)
}

function createFastify({ config, log, newId = randomUUID }: ServerOptions) {
  const server = Fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.TRUSTED_PROXY.length > 0 ? config.TRUSTED_PROXY : false,
    bodyLimit: 2 ** 20,
    routerOptions: { maxParamLength: 100 },
    genReqId: ({ headers }) => requestId(headers['x-request-id']) ?? newId(),
    // Requests on connections that stay open while we close get a problem document of ours instead.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) =>
      answerUnreadable(error, socket, { id: newId(), https: config.COOKIE_SECURE }),
    frameworkErrors(error, request, reply) {
      protect(reply, { https: config.COOKIE_SECURE, path: request.url })
      answerProblem(error, request, reply)
    },
  })
  server.setValidatorCompiler(validatorCompiler)
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, parseJson(server))
  server.removeContentTypeParser('text/plain')
  server.decorateReply('sendStream', function (this: FastifyReply, stream: Readable) {
    return this.send(stream)
  })
  return server
}

// It reaches logs and answers: anything but a plain id is replaced.
const requestId = (header: unknown) =>
  typeof header === 'string' && /^[\w.-]{8,64}$/.test(header) ? header : undefined
