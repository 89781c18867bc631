import { type Static, Type } from '@sinclair/typebox'
import { NoContent, Uuid } from './common.ts'
import { endpoint } from './endpoint.ts'

/** One visitor's R process. */
export const Session = Type.Object(
  {
    id: Type.String(),
    replica: Type.Integer({ description: 'Index of its replica, from 1' }),
    replicaId: Type.String(),
    generation: Type.Integer(),
    ageSeconds: Type.Integer(),
    memoryBytes: Type.Integer({ description: 'Resident; pages that it shares with other sessions count in each' }),
    cpuSeconds: Type.Integer({ description: 'Used since it began' }),
  },
  { $id: 'Session' },
)
export type Session = Static<typeof Session>

const SessionId = Type.String({ description: 'the id of a session', pattern: '^[0-9a-z-]{1,80}$' })
const errors = ['app-not-found', 'invalid-request', 'spawner-unavailable'] as const

export const listSessions = endpoint({
  method: 'GET',
  url: '/api/apps/:appId/sessions',
  schema: {
    operationId: 'listSessions',
    summary: 'List the live R sessions of an app, oldest first, looked at now',
    tags: ['sessions'],
    params: Type.Object({ appId: Uuid }),
    response: { 200: Type.Object({ items: Type.Array(Session) }) },
  },
  config: { access: 'read', app: 'view', problems: [...errors] },
})

export const endSession = endpoint({
  method: 'DELETE',
  url: '/api/apps/:appId/sessions/:sessionId',
  schema: {
    operationId: 'endSession',
    summary: 'End one R session at once; its client sees a lost connection',
    tags: ['sessions'],
    params: Type.Object({ appId: Uuid, sessionId: SessionId }),
    response: { 202: NoContent },
  },
  config: { access: 'deploy', app: 'edit', problems: [...errors, 'session-not-found'] },
})
