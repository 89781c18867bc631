import cookie from '@fastify/cookie'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { FastifyReply, Session } from 'fastify'
import fp from 'fastify-plugin'
import type { AuthService } from '../../services/auth-service.ts'
import { cookieSession } from './cookie-session.ts'
import { ownOrigin } from './own-origin.ts'

export interface SessionOptions {
  sessions: Pick<AuthService, 'openSession' | 'findSession' | 'endSession' | 'signOut' | 'issueDevice'>
  secret: string
  secure: boolean
  /** Of the dashboard. */
  origin: string
  /** Apps share our host: the cookie must not travel to them. */
  singleOrigin: boolean
}

const DEVICE_SECONDS = 365 * 24 * 3600

/** The cookie holds a signed random id; who it belongs to is asked from the database on every request. */
export const sessions = fp<SessionOptions>(
  async (server, { sessions, secret, secure, origin, singleOrigin }) => {
    const path = singleOrigin ? '/api' : '/'
    const prefix = secure && !singleOrigin ? '__Host-' : ''
    const cookieName = `${prefix}rsp_session`
    const deviceCookie = `${prefix}rsp_device`
    const attributes = { path, secure, httpOnly: true, sameSite: 'strict' } as const

    server.addHook('onRequest', ({ headers }, _reply, done) => {
      refuseTwins(headers.cookie, cookieName)
      done()
    })
    await server.register(cookie)
    // A token alone decides then: no session is read, none is written.
    server.addHook('onRequest', (request, _reply, done) => {
      if (request.headers.authorization !== undefined) request.cookies = {}
      done()
    })
    await server.register(ownOrigin, { origin, sessionCookie: cookieName, https: secure })
    await server.register(cookieSession, {
      secret,
      cookieName,
      cookie: attributes,
      rolling: false,
      saveUninitialized: false,
      store: createStore(sessions, attributes),
    })

    const newDevices = new WeakMap<FastifyReply, string>()
    // Behind the session's own hook: a client that keeps one cookie keeps the first.
    server.addHook('onSend', (_request, reply, payload, done) => {
      const device = newDevices.get(reply)
      if (device) reply.setCookie(deviceCookie, device, { ...attributes, maxAge: DEVICE_SECONDS })
      done(null, payload)
    })
    server.decorateRequest('deviceCookie', {
      getter() {
        return this.cookies[deviceCookie]
      },
    })
    server.decorateReply('signIn', async function (principal, how) {
      const { request } = this
      if (request.headers.authorization !== undefined)
        throw new Problem('not-allowed', { detail: 'Sign in without an Authorization header.' })
      // Without this the plugin would leave the cookie out, and say nothing.
      if (secure && request.protocol !== 'https') {
        throw new Problem('https-required', { detail: 'Sign in over HTTPS, or set COOKIE_SECURE=false for a trial' })
      }
      await request.session.regenerate()
      await sessions.openSession(request.session.sessionId, principal, how)
      const { userId, username, displayName, email, accountRole: role } = principal
      request.session.person = { userId, username, displayName, email, role, isVerified: true }
      newDevices.set(this, sessions.issueDevice(principal))
    })
    server.decorateReply('signOut', async function (principal) {
      await sessions.signOut(this.request.session.sessionId, principal)
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
        .then((person) => done(null, person && { cookie: { ...attributes, originalMaxAge: null }, person }), done)
    },
    set(_id: string, _session: Session, done: (error?: unknown) => void) {
      done()
    },
    destroy(id: string, done: (error?: unknown) => void) {
      sessions.endSession(id).then(() => done(), done)
    },
  }
}
