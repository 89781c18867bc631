import { Type } from '@sinclair/typebox'
import { Timestamp, Uuid, words } from './common.ts'
import { endpoint } from './endpoint.ts'

export const LogsQuery = Type.Object(
  {
    stream: Type.Optional(words('runtime', 'build')),
    deployment: Type.Optional(Uuid),
    replica: Type.Optional(Type.String({ maxLength: 100, pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$' })),
    tail: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
    since: Type.Optional(Timestamp),
    follow: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

export const getLogs = endpoint({
  method: 'GET',
  url: '/api/apps/:appId/logs',
  schema: {
    operationId: 'getLogs',
    summary: 'Read the runtime or build log, as text or as server-sent events',
    tags: ['apps'],
    produces: ['text/plain', 'text/event-stream'],
    params: Type.Object({ appId: Uuid }),
    querystring: LogsQuery,
    response: { 200: Type.String() },
  },
  config: { access: 'read', app: 'view', problems: ['app-not-found', 'deployment-not-found', 'invalid-request'] },
})
