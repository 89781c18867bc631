import { type Static, Type } from '@sinclair/typebox'
import { NoContent, Nullable, Uuid, words } from './common.ts'
import { endpoint } from './endpoint.ts'

export const Role = words('admin', 'user')
export type Role = Static<typeof Role>

export const User = Type.Object(
  { id: Uuid, username: Type.String(), displayName: Nullable(Type.String()), role: Role },
  { $id: 'User' },
)
export type User = Static<typeof User>

export const Credentials = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 64 }),
    password: Type.String({ minLength: 1, maxLength: 256 }),
  },
  { additionalProperties: false },
)

export const login = endpoint({
  method: 'POST',
  url: '/api/auth/login',
  schema: {
    operationId: 'login',
    summary: 'Sign in; answers with a session cookie',
    tags: ['auth'],
    body: Credentials,
    response: { 200: Type.Object({ user: User }) },
  },
  config: {
    public: true,
    servedBy: 'any',
    problems: ['wrong-credentials', 'invalid-request', 'too-many-requests', 'https-required'],
  },
})

export const logout = endpoint({
  method: 'POST',
  url: '/api/auth/logout',
  schema: { operationId: 'logout', summary: 'Sign out', tags: ['auth'], response: { 204: NoContent } },
  config: { servedBy: 'any', problems: ['not-signed-in'] },
})

export const me = endpoint({
  method: 'GET',
  url: '/api/auth/me',
  schema: {
    operationId: 'me',
    summary: 'Who is signed in',
    tags: ['auth'],
    response: { 200: Type.Object({ user: User, via: words('session', 'token'), singleOrigin: Type.Boolean() }) },
  },
  config: { problems: ['not-signed-in'] },
})
