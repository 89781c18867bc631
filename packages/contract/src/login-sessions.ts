import { type Static, Type } from '@sinclair/typebox'
import { NoContent, Timestamp, Uuid } from './common.ts'
import { endpoint } from './endpoint.ts'

/** One browser that is signed in. */
export const LoginSession = Type.Object(
  {
    id: Uuid,
    createdAt: Timestamp,
    lastSeenAt: Timestamp,
    expiresAt: Timestamp,
    address: Type.String({ description: 'Where the sign-in came from' }),
    browser: Type.String({ description: 'What the browser said it is' }),
    current: Type.Boolean({ description: 'The one that asks' }),
  },
  { $id: 'LoginSession' },
)
export type LoginSession = Static<typeof LoginSession>

export const listLoginSessions = endpoint({
  method: 'GET',
  url: '/api/auth/sessions',
  schema: {
    operationId: 'listLoginSessions',
    summary: 'List where you are signed in, newest first',
    tags: ['auth'],
    response: { 200: Type.Object({ items: Type.Array(LoginSession) }) },
  },
  config: { access: 'session', problems: [] },
})

export const endLoginSession = endpoint({
  method: 'DELETE',
  url: '/api/auth/sessions/:sessionId',
  schema: {
    operationId: 'endLoginSession',
    summary: 'Sign out one of your browsers',
    tags: ['auth'],
    params: Type.Object({ sessionId: Uuid }),
    response: { 204: NoContent },
  },
  config: { access: 'session', problems: ['login-session-not-found'] },
})
