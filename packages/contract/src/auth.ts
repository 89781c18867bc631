import { type Static, Type } from '@sinclair/typebox'
import { NoContent, Nullable, words } from './common.ts'
import { endpoint } from './endpoint.ts'
import { DisplayName, Email, GivenPassword, NewPassword, User } from './people.ts'
import { Scope } from './tokens.ts'

export const Credentials = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 64 }),
    password: GivenPassword,
  },
  { additionalProperties: false },
)
export type Credentials = Static<typeof Credentials>

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
    access: 'public',
    servedBy: 'any',
    problems: ['wrong-credentials', 'too-many-requests', 'https-required', 'foreign-origin', 'not-allowed'],
  },
})

export const logout = endpoint({
  method: 'POST',
  url: '/api/auth/logout',
  schema: { operationId: 'logout', summary: 'Sign out', tags: ['auth'], response: { 204: NoContent } },
  config: { access: 'session', servedBy: 'any', problems: [] },
})

/** The caller, and how he is known. */
const Me = Type.Object({
  user: User,
  email: Nullable(Type.String()),
  via: words('session', 'token'),
  scopes: Type.Optional(Type.Array(Scope, { description: 'Of the token' })),
  singleOrigin: Type.Boolean({ description: 'Apps share the host of the dashboard' }),
})

export const me = endpoint({
  method: 'GET',
  url: '/api/auth/me',
  schema: { operationId: 'me', summary: 'Who is signed in', tags: ['auth'], response: { 200: Me } },
  config: { access: 'any', problems: [] },
})

export const UpdateMe = Type.Object(
  { displayName: Type.Optional(DisplayName), email: Type.Optional(Email) },
  { additionalProperties: false, minProperties: 1 },
)
export type UpdateMe = Static<typeof UpdateMe>

export const updateMe = endpoint({
  method: 'PATCH',
  url: '/api/auth/me',
  schema: {
    operationId: 'updateMe',
    summary: 'Change your own display name or e-mail address',
    tags: ['auth'],
    body: UpdateMe,
    response: { 200: Me },
  },
  config: { access: 'session', problems: [] },
})

export const VerifyPassword = Type.Object({ password: GivenPassword }, { additionalProperties: false })

export const verifyPassword = endpoint({
  method: 'POST',
  url: '/api/auth/verify',
  schema: {
    operationId: 'verifyPassword',
    summary: 'Give your password once more, for what answers `password-needed`',
    tags: ['auth'],
    body: VerifyPassword,
    response: { 204: NoContent },
  },
  config: { access: 'session', problems: ['current-password-wrong'] },
})

export const ChangePassword = Type.Object(
  { currentPassword: GivenPassword, newPassword: NewPassword },
  { additionalProperties: false },
)
export type ChangePassword = Static<typeof ChangePassword>

export const changePassword = endpoint({
  method: 'PUT',
  url: '/api/auth/password',
  schema: {
    operationId: 'changePassword',
    summary: 'Change your own password; all other login sessions and all tokens end',
    tags: ['auth'],
    body: ChangePassword,
    response: { 204: NoContent },
  },
  config: { access: 'session', problems: ['current-password-wrong', 'too-many-requests'] },
})
