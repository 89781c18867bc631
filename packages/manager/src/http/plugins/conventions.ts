import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

/** What every endpoint does alike: declared success status, next page, answers that the client already has. */
export const conventions = fp(
  async (server) => {
    server.addHook('onRoute', (route) => {
      const declared = Object.keys(Object(route.schema?.response)).filter((status) => status.startsWith('2'))
      if (declared.length === 1) route.config = { ...route.config, successStatus: Number(declared[0]) }
    })
    server.addHook('preHandler', ({ routeOptions }, reply, done) => {
      const { successStatus } = routeOptions.config
      if (successStatus !== undefined) reply.code(successStatus)
      done()
    })

    server.addHook('preSerialization', (request, reply, payload: unknown, done) => {
      const cursor = typeof payload === 'object' && payload && 'nextCursor' in payload && payload.nextCursor
      if (typeof cursor === 'string') reply.header('link', `<${nextPage(request.url, cursor)}>; rel="next"`)
      done(null, payload)
    })

    server.addHook('onSend', (request, reply, payload, done) => {
      if (!isKnown(request, reply)) return done(null, payload)
      reply.code(304).removeHeader('content-type').removeHeader('content-length')
      done(null, '')
    })
  },
  { name: 'conventions' },
)

function isKnown({ method, headers }: FastifyRequest, reply: FastifyReply) {
  const known = headers['if-none-match']
  if (known === undefined || method !== 'GET' || reply.statusCode !== 200) return false
  const tags = known.split(',').map((entry) => entry.trim().replace(/^W\//, ''))
  return tags.includes(String(reply.getHeader('etag')))
}

function nextPage(url: string, cursor: string) {
  const [path, query] = url.split('?', 2)
  const parameters = new URLSearchParams(query)
  parameters.set('cursor', cursor)
  return `${path}?${parameters}`
}
