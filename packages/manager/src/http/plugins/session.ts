import cookie from '@fastify/cookie'
import session from '@fastify/session'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Session } from 'fastify'
import fp from 'fastify-plugin'
import type { AuthService } from '../../services/auth-service.ts'

export interface SessionOptions {
  sessions: Pick<AuthService, 'openSession' | 'findSession' | 'endSession'>
  secret: string
  secure: boolean
  /** Apps share our host: the cookie must not travel to them. */
  singleOrigin: boolean
}

/** The cookie holds a signed random id; who it belongs to is asked from the database on every request. */
export const sessions = fp<SessionOptions>(
  async (server, { sessions, secret, secure, singleOrigin }) => {
    const path = singleOrigin ? '/api' : '/'
    const cookieName = secure && !singleOrigin ? '__Host-rsp_session' : 'rsp_session'
    const attributes = { path, secure, httpOnly: true, sameSite: 'strict' } as const

    server.addHook('onRequest', async ({ headers }) => refuseTwins(headers.cookie, cookieName))
    await server.register(cookie)
    await server.register(session, {
      secret,
      cookieName,
      cookie: attributes,
      rolling: false,
      saveUninitialized: false,
      store: createStore(sessions, attributes),
    })

    server.decorateReply('signIn', async function (principal) {
      const { request } = this
      // Without this the plugin would leave the cookie out, and say nothing.
      if (secure && request.protocol !== 'https') {
        throw new Problem('https-required', { detail: 'Sign in over HTTPS, or set COOKIE_SECURE=false for a trial' })
      }
      await request.session.regenerate()
      await sessions.openSession(request.session.sessionId, principal)
      request.session.principal = principal
    })
    server.decorateReply('signOut', async function () {
      await this.request.session.destroy()
      this.clearCookie(cookieName, attributes)
      this.header('clear-site-data', '"cache", "storage"')
    })
  },
  { name: 'session', dependencies: ['security', 'problems'] },
)

// The browser sends the one of the narrower path first; an app could have planted it.
function refuseTwins(header: string | undefined, name: string) {
  const sent = header?.split(';').filter((pair) => pair.trimStart().startsWith(`${name}=`)) ?? []
  if (sent.length > 1) throw new Problem('invalid-request', { detail: `The cookie ${name} was sent twice` })
}

/**
 * @fastify/session wants callbacks. `set` writes nothing: rows are made by openSession alone, so a request that was
 * under way during a sign-out cannot bring its session back.
 */
function createStore(sessions: SessionOptions['sessions'], attributes: { path: string; secure: boolean }) {
  return {
    get(id: string, done: (error: unknown, session?: Session | null) => void) {
      sessions
        .findSession(id)
        .then(
          (principal) => done(null, principal && { cookie: { ...attributes, originalMaxAge: null }, principal }),
          done,
        )
    },
    set(_id: string, _session: Session, done: (error?: unknown) => void) {
      done()
    },
    destroy(id: string, done: (error?: unknown) => void) {
      sessions.endSession(id).then(() => done(), done)
    },
  }
}
