import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
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
    server.decorateRequest('reply')
    const signals = new WeakMap<FastifyRequest, AbortSignal>()
    // Made when somebody waits for it, which few requests do.
    server.decorateRequest('callSignal', {
      getter() {
        const signal = signals.get(this) ?? AbortSignal.any([clientGone(this.reply), closing.signal])
        signals.set(this, signal)
        return signal
      },
    })
    server.addHook('preClose', async () => closing.abort(new Problem('shutting-down')))
    server.addHook('onRequest', (request, reply, done) => {
      protect(reply, { https, path: request.url })
      if (closing.signal.aborted) throw new Problem('shutting-down')
      request.reply = reply
      done()
    })
  },
  { name: 'security' },
)

/** Not `request.signal`: that one fires as soon as the body of the request has been read. */
function clientGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController()
  const isGone = () => raw.destroyed && !raw.writableFinished
  if (isGone()) gone.abort(clientHasGone())
  raw.once('close', () => {
    if (isGone()) gone.abort(clientHasGone())
  })
  return gone.signal
}

const clientHasGone = () => new DOMException('The client has gone', 'AbortError')

/** Also for answers that no hook sees: those of the router itself. */
export function protect(reply: FastifyReply, { https, path }: { https: boolean; path: string }) {
  reply.header('x-request-id', reply.request.id).headers(always)
  if (https) reply.header('strict-transport-security', 'max-age=31536000')
  if (path.startsWith('/api')) reply.header('cache-control', 'no-store')
}

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  // Pages of ours that need more replace it.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}
