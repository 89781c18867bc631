import session from '@fastify/session'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

type SessionOptions = Parameters<typeof session>[1]
type Done = (error?: Error) => void
type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: Done) => void
type OnSend = (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done) => void

/**
 * @fastify/session, for requests without a token alone: for the others it would make a session, sign its id and hash it
 * twice, which is more work than knowing the token, and all of it thrown away.
 */
export const cookieSession = fp<SessionOptions>(
  async (server, options) => {
    const onlyCookies: FastifyInstance = Object.create(server, {
      addHook: {
        value: (name: string, hook: OnRequest & OnSend) =>
          name === 'onRequest' ? server.addHook(name, onRequest(hook)) : server.addHook('onSend', onSend(hook)),
      },
    })
    await new Promise<void>((resolve, reject) =>
      session(onlyCookies, options, (error?: Error) => (error ? reject(error) : resolve())),
    )
  },
  { name: 'cookie-session', dependencies: ['@fastify/cookie'] },
)

const hasToken = ({ headers }: FastifyRequest) => headers.authorization !== undefined

const onRequest = (hook: OnRequest) => (request: FastifyRequest, reply: FastifyReply, done: Done) =>
  hasToken(request) ? done() : hook(request, reply, done)

const onSend = (hook: OnSend) => (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done) =>
  hasToken(request) ? done() : hook(request, reply, payload, done)
