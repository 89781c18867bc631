import type { FastifyRequest } from 'fastify'
import type { Caller } from '../services/principal.ts'

export const callerOf = ({ ip, id, headers }: FastifyRequest): Caller => ({
  address: ip,
  browser: headers['user-agent'] ?? '',
  requestId: id,
})
