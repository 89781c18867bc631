import { problems as catalogue, Problem, type ProblemBody, type ProblemCode } from '@rserve-proxy/contract/problems.ts'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { impliedProblems } from '../implied-problems.ts'
import { codeOfForeignError } from './foreign-errors.ts'

/** Every error becomes a problem document (RFC 9457); nothing else in the manager knows their HTTP form. */
export const problems = fp(
  async (server) => {
    server.setErrorHandler(answerProblem)
    // Before the body is looked at: an unknown address is 404 whatever it carries. GET may still be a dashboard page.
    server.addHook('onRequest', (request, _reply, done) => {
      if (request.is404 && request.method !== 'GET' && request.method !== 'HEAD') refuseUnknown()
      done()
    })
    server.addHook('onRoute', (route) => {
      if (!route.config?.problems || !route.schema) return
      const codes = [...new Set([...route.config.problems, ...impliedProblems(route)])]
      route.schema = { ...route.schema, response: withProblems(route.schema.response, codes) }
    })
  },
  { name: 'problems' },
)

export function refuseUnknown(): never {
  throw new Problem('no-such-endpoint')
}

export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error)
  const { status, title } = catalogue[problem.code]
  report(error, problem, request)
  const body: ProblemBody = {
    type: `/problems/${problem.code}`,
    title,
    status,
    ...(problem.detail !== undefined && { detail: problem.detail }),
    instance: request.id,
    code: problem.code,
    ...(problem.errors && { errors: problem.errors }),
  }
  if (status === 503 || status === 429) reply.header('retry-after', String(problem.retryAfterSeconds ?? 5))
  return reply.code(status).type('application/problem+json').serializer(JSON.stringify).send(body)
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const known = error instanceof Error ? fastifyProblem(error) : undefined
  return known ?? new Problem(codeOfForeignError(error) ?? 'internal', { cause: error })
}

const byStatus: Record<number, [ProblemCode, string]> = {
  400: ['invalid-request', 'The request cannot be read: check its address, its headers and its body'],
  406: ['unsupported-media-type', 'This endpoint takes another content type'],
  413: ['too-large', 'The body is larger than this endpoint takes'],
  414: ['uri-too-long', 'A part of the address is longer than 100 characters'],
  415: ['unsupported-media-type', 'This endpoint takes another content type'],
}

// Fastify's own refusals. Their messages repeat what was sent, so ours are said instead.
function fastifyProblem(error: Partial<FastifyError>) {
  const found = error.statusCode === undefined ? undefined : byStatus[error.statusCode]
  return found && new Problem(found[0], { detail: found[1], cause: error })
}

function report(error: unknown, { code }: Problem, { log }: FastifyRequest) {
  if (catalogue[code].status < 500) log.info({ code }, 'request refused')
  else if (code === 'shutting-down') log.debug({ code }, 'request refused')
  else log.error({ code, err: error }, 'request failed')
}

const problemSchema = {
  $id: 'Problem',
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'Id of the request; quote it when you ask for help' },
    code: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
    },
  },
}

function withProblems(response: unknown, codes: ProblemCode[]) {
  const statuses = Map.groupBy(codes, (code) => catalogue[code].status)
  const errors = [...statuses].map(([status, known]) => [
    status,
    { description: known.join(', '), content: { 'application/problem+json': { schema: problemSchema } } },
  ])
  return { ...Object(response), ...Object.fromEntries(errors) }
}
