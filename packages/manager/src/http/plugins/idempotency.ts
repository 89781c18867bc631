import { createHmac } from 'node:crypto'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { IdempotencyService, KeyedRequest, StoredAnswer } from '../../services/idempotency-service.ts'
import { digestOfBundle } from '../upload-form.ts'

export interface IdempotencyOptions {
  idempotency: IdempotencyService
  /** Requests are stored as a hash, and may hold a password, which a hash without a key would let be guessed. */
  secret: string
}

/** `Idempotency-Key` on POST: a repeated request gets the answer of the first, without its effects. */
export const idempotency = fp<IdempotencyOptions>(
  async (server, { idempotency, secret }) => {
    const running = new WeakMap<FastifyRequest, KeyedRequest>()
    server.decorateRequest('bundleDigest', undefined)
    server.decorateRequest('archive', undefined)

    // After validation: what is refused there does nothing, so it leaves no trace.
    async function begin(request: FastifyRequest, reply: FastifyReply) {
      const keyed = keyedRequest(request, secret)
      if (!keyed) return
      const outcome = await idempotency.begin(keyed)
      if (outcome.kind === 'replay') {
        if (request.routeOptions.config.shownOnce) throw wasShown()
        return replay(request, reply, outcome.answer)
      }
      running.set(request, keyed)
    }

    async function keep(request: FastifyRequest, reply: FastifyReply, payload: unknown) {
      const keyed = running.get(request)
      if (!keyed) return payload
      running.delete(request)
      const isAnswer = reply.statusCode < 400 && typeof payload === 'string'
      const kept = request.routeOptions.config.shownOnce ? '' : String(payload)
      await (isAnswer ? idempotency.keep(keyed, answerOf(request, reply, kept)) : idempotency.release(keyed))
      return payload
    }

    server.addHook('onRoute', (route) => {
      if (route.method !== 'POST' || route.config?.access === 'public') return
      route.preHandler = [begin, ...[route.preHandler ?? []].flat()]
      route.onSend = [keep, ...[route.onSend ?? []].flat()]
    })
  },
  { name: 'idempotency', dependencies: ['principal'] },
)

const wasShown = () =>
  new Problem('idempotency-key-reused', {
    detail: 'The first request with this key was carried out, and its answer holds a secret, which is shown once.',
  })

function keyedRequest(request: FastifyRequest, secret: string): KeyedRequest | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new Problem('invalid-request', { detail: 'Idempotency-Key must be 1 to 200 visible ASCII characters' })
  }
  return { userId: request.principal.userId, key, requestHash: hashOf(request, secret) }
}

// An uploaded file is a stream that is read once, and not yet here: see bundleHeader.
function hashOf({ method, url, body }: FastifyRequest, secret: string) {
  return createHmac('sha256', secret)
    .update(`${method} ${url.split('?', 1)[0]}\n${JSON.stringify(body)}`)
    .digest('hex')
}

const kept = ['content-type', 'location', 'etag']
/** Stored beside the headers, never sent: which file the answer is about. */
const bundleHeader = 'bundle-digest'

function answerOf({ bundleDigest }: FastifyRequest, reply: FastifyReply, body: string): StoredAnswer {
  const all = [...kept.map((name) => [name, reply.getHeader(name)]), [bundleHeader, bundleDigest]]
  return { status: reply.statusCode, headers: Object.fromEntries(all.filter(([, value]) => value !== undefined)), body }
}

async function replay(request: FastifyRequest, reply: FastifyReply, { status, headers: stored, body }: StoredAnswer) {
  const { [bundleHeader]: bundle, ...headers } = stored
  if (bundle !== undefined && bundle !== (await digestOfBundle(request))) throw new Problem('idempotency-key-reused')
  return reply
    .code(status)
    .headers({ ...headers, 'idempotency-replayed': 'true' })
    .serializer(String)
    .send(body)
}
