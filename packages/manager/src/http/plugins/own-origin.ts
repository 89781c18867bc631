import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

export interface OwnOriginOptions {
  /** Of the dashboard: scheme, host and port. */
  origin: string
  sessionCookie: string
  https: boolean
}

/**
 * A browser sends the session cookie along whoever wrote the page: what comes from a page that is not ours is refused,
 * before anybody is recognised and before anything is parsed (Fetch metadata, then Origin).
 */
export const ownOrigin = fp<OwnOriginOptions>(
  async (server, options) => {
    server.addHook('onRequest', (request, _reply, done) => {
      if (isForeign(request, options))
        throw new Problem('foreign-origin', {
          detail: 'Only pages of the dashboard may do this with its cookie. Scripts send a token instead.',
        })
      done()
    })
  },
  { name: 'own-origin', dependencies: ['@fastify/cookie'] },
)

function isForeign(request: FastifyRequest, { origin: own, sessionCookie, https }: OwnOriginOptions): boolean {
  const { 'sec-fetch-site': site, origin, authorization } = request.headers
  // No browser sends a token by itself: whoever does has it.
  if (authorization !== undefined) return false
  const isSafe = request.method === 'GET' || request.method === 'HEAD'
  const isOwn = site === 'same-origin' || (site === undefined && origin === own)
  // What needs no cookie can still sign somebody in, as somebody else.
  if (!(sessionCookie in request.cookies)) return !isSafe && !isOwn && !isByScript(request)
  if (isSafe && !isStream(request)) return site !== undefined && site !== 'same-origin' && site !== 'none'
  // Over plain HTTP browsers leave the metadata out; a stream for another site would still name its origin.
  const isPlainStream = isSafe && !https && site === undefined && origin === undefined
  return !isOwn && !isPlainStream
}

/** Browsers name the origin of whatever they send with an unsafe method. */
const isByScript = ({ headers }: FastifyRequest) =>
  headers.origin === undefined && headers['sec-fetch-site'] === undefined

const isStream = ({ headers, routeOptions }: FastifyRequest) =>
  headers.accept?.includes('text/event-stream') ||
  (routeOptions.schema?.produces?.length === 1 && routeOptions.schema.produces[0] === 'text/event-stream')
