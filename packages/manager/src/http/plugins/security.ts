import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'

export interface SecurityOptions {
  /** Answers travel over HTTPS. */
  https: boolean
}

/** Headers of every answer, errors included, and the end of service when the server closes. */
export const security = fp<SecurityOptions>(
  async (server, { https }) => {
    const closing = new AbortController()
    server.decorate('shutdown', closing.signal)
    server.decorateRequest('callSignal')
    server.addHook('preClose', async () => closing.abort(new Problem('shutting-down')))
    server.addHook('onRequest', async (request, reply) => {
      protect(reply, { https, path: request.url })
      if (closing.signal.aborted) throw new Problem('shutting-down')
      request.callSignal = AbortSignal.any([clientGone(reply), closing.signal])
    })
  },
  { name: 'security' },
)

/** Not `request.signal`: that one fires as soon as the body of the request has been read. */
function clientGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort(new DOMException('The client has gone', 'AbortError'))
  })
  return gone.signal
}

/** Also for answers that no hook sees: those of the router itself. */
export function protect(reply: FastifyReply, { https, path }: { https: boolean; path: string }) {
  reply.headers({
    'x-request-id': reply.request.id,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // Pages of ours that need more replace it.
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    ...(https && { 'strict-transport-security': 'max-age=31536000' }),
    ...(path.startsWith('/api') && { 'cache-control': 'no-store' }),
  })
}
