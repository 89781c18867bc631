import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listAudit } from '@rserve-proxy/contract/audit.ts'
import type { AuditService } from '../../services/audit-service.ts'
import { textStream } from '../event-stream.ts'

export const auditRoutes: FastifyPluginAsyncTypebox<{ audit: AuditService }> = async (server, { audit }) => {
  server.route({
    ...listAudit,
    async handler({ query, callSignal }, reply) {
      if (query.format !== 'csv') return audit.list(query)
      reply.headers({
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': 'attachment; filename="audit.csv"',
      })
      return reply.sendStream(textStream(audit.csv(query), callSignal))
    },
  })
}
