import { isUtf8 } from 'node:buffer'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { FastifyBodyParser, FastifyInstance } from 'fastify'

/** Fastify's parser, which also refuses prototype keys, behind a check that it lacks: bytes that are no UTF-8. */
export function parseJson(server: FastifyInstance): FastifyBodyParser<Buffer> {
  const parse = server.getDefaultJsonParser('error', 'error')
  return (request, body, done) => {
    // Many clients name the type of every request. Where a body is needed, its schema refuses nothing at all.
    if (body.length === 0) return done(null, undefined)
    if (isUtf8(body)) return parse(request, body.toString('utf8'), done)
    done(new Problem('invalid-request', { detail: 'The body is not valid UTF-8' }))
  }
}
