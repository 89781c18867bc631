import fp from 'fastify-plugin'

/** What every endpoint does alike: declared success status, next page, answers that the client already has. */
export const conventions = fp(
  async (server) => {
    server.addHook('onRoute', (route) => {
      const declared = Object.keys(Object(route.schema?.response)).filter((status) => status.startsWith('2'))
      if (declared.length === 1) route.config = { ...route.config, successStatus: Number(declared[0]) }
    })
    server.addHook('preHandler', async ({ routeOptions }, reply) => {
      const { successStatus } = routeOptions.config
      if (successStatus !== undefined) reply.code(successStatus)
    })

    server.addHook('preSerialization', async (request, reply, payload: unknown) => {
      const cursor = typeof payload === 'object' && payload && 'nextCursor' in payload && payload.nextCursor
      if (typeof cursor === 'string') reply.header('link', `<${nextPage(request.url, cursor)}>; rel="next"`)
      return payload
    })

    server.addHook('onSend', async (request, reply, payload) => {
      const tag = reply.getHeader('etag')
      const known = request.headers['if-none-match']?.split(',').map((entry) => entry.trim().replace(/^W\//, ''))
      if (request.method !== 'GET' || reply.statusCode !== 200 || !known?.includes(String(tag))) return payload
      reply.code(304).removeHeader('content-type').removeHeader('content-length')
      return ''
    })
  },
  { name: 'conventions' },
)

function nextPage(url: string, cursor: string) {
  const [path, query] = url.split('?', 2)
  const parameters = new URLSearchParams(query)
  parameters.set('cursor', cursor)
  return `${path}?${parameters}`
}
