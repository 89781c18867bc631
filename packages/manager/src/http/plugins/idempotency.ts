import { createHash } from 'node:crypto'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { IdempotencyService, KeyedRequest, StoredAnswer } from '../../services/idempotency-service.ts'

/** `Idempotency-Key` on POST: a repeated request gets the answer of the first, without its effects. */
export const idempotency = fp<{ idempotency: IdempotencyService }>(
  async (server, { idempotency }) => {
    const running = new WeakMap<FastifyRequest, KeyedRequest>()

    // After validation: what is refused there does nothing, so it leaves no trace.
    server.addHook('preHandler', async (request, reply) => {
      const keyed = keyedRequest(request)
      if (!keyed) return
      const outcome = await idempotency.begin(keyed)
      if (outcome.kind === 'replay') return replay(reply, outcome.answer)
      running.set(request, keyed)
    })

    server.addHook('onSend', async (request, reply, payload) => {
      const keyed = running.get(request)
      if (!keyed) return payload
      running.delete(request)
      const isAnswer = reply.statusCode < 400 && typeof payload === 'string'
      await (isAnswer ? idempotency.keep(keyed, answerOf(reply, payload)) : idempotency.release(keyed))
      return payload
    })
  },
  { name: 'idempotency', dependencies: ['principal'] },
)

function keyedRequest(request: FastifyRequest): KeyedRequest | undefined {
  const key = request.headers['idempotency-key']
  if (request.method !== 'POST' || request.routeOptions.config.public || key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new Problem('invalid-request', { detail: 'Idempotency-Key must be 1 to 200 visible ASCII characters' })
  }
  return { userId: request.principal.userId, key, requestHash: hashOf(request) }
}

function hashOf({ method, url, body, headers }: FastifyRequest) {
  // A multipart body is a stream that is read once; a repetition differs in its boundary but not in its length.
  const content = body === undefined ? headers['content-length'] : JSON.stringify(body)
  return createHash('sha256')
    .update(`${method} ${url.split('?', 1)[0]}\n${content}`)
    .digest('hex')
}

const kept = ['content-type', 'location', 'etag']

function answerOf(reply: FastifyReply, body: string): StoredAnswer {
  const headers = kept.map((name) => [name, reply.getHeader(name)]).filter(([, value]) => value !== undefined)
  return { status: reply.statusCode, headers: Object.fromEntries(headers), body }
}

function replay(reply: FastifyReply, { status, headers, body }: StoredAnswer) {
  return reply
    .code(status)
    .headers({ ...headers, 'idempotency-replayed': 'true' })
    .serializer(String)
    .send(body)
}
