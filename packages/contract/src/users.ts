import { type Static, Type } from '@sinclair/typebox'
import { NoContent, Nullable, Page, PageQuery, Timestamp, Uuid } from './common.ts'
import { endpoint } from './endpoint.ts'
import { LoginSession } from './login-sessions.ts'
import { DisplayName, Email, NewPassword, Role, User, Username } from './people.ts'

/** An account as admins see it. */
export const Account = Type.Object(
  {
    ...User.properties,
    email: Nullable(Type.String()),
    disabled: Type.Boolean(),
    apps: Type.Integer({ description: 'How many the user owns' }),
    createdAt: Timestamp,
    lastSeenAt: Nullable(Timestamp),
  },
  { $id: 'Account' },
)
export type Account = Static<typeof Account>

export const CreateUser = Type.Object(
  {
    username: Username,
    password: NewPassword,
    role: Role,
    displayName: Type.Optional(DisplayName),
    email: Type.Optional(Email),
  },
  { additionalProperties: false },
)
export type CreateUser = Static<typeof CreateUser>

export const UpdateUser = Type.Object(
  {
    role: Type.Optional(Role),
    displayName: Type.Optional(DisplayName),
    email: Type.Optional(Email),
    disabled: Type.Optional(Type.Boolean()),
    password: Type.Optional(NewPassword),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type UpdateUser = Static<typeof UpdateUser>

const UserParams = Type.Object({ userId: Uuid })
const tags = ['users']

export const listUsers = endpoint({
  method: 'GET',
  url: '/api/users',
  schema: {
    operationId: 'listUsers',
    summary: 'List accounts by name',
    tags,
    querystring: Type.Object(
      {
        ...PageQuery.properties,
        q: Type.Optional(Type.String({ maxLength: 128, description: 'Part of a user name, display name or address' })),
      },
      { additionalProperties: false },
    ),
    response: { 200: Page(Account) },
  },
  config: { access: 'admin-session', problems: [] },
})

export const createUser = endpoint({
  method: 'POST',
  url: '/api/users',
  schema: { operationId: 'createUser', summary: 'Make an account', tags, body: CreateUser, response: { 201: Account } },
  config: { access: 'admin-session', stepUp: true, problems: ['username-taken'] },
})

export const getUser = endpoint({
  method: 'GET',
  url: '/api/users/:userId',
  schema: { operationId: 'getUser', summary: 'Read one account', tags, params: UserParams, response: { 200: Account } },
  config: { access: 'admin-session', problems: ['user-not-found'] },
})

export const updateUser = endpoint({
  method: 'PATCH',
  url: '/api/users/:userId',
  schema: {
    operationId: 'updateUser',
    summary: 'Change role, names, password, or whether the account may sign in',
    tags,
    params: UserParams,
    body: UpdateUser,
    response: { 200: Account },
  },
  config: { access: 'admin-session', stepUp: true, problems: ['user-not-found', 'last-admin', 'own-account'] },
})

export const deleteUser = endpoint({
  method: 'DELETE',
  url: '/api/users/:userId',
  schema: {
    operationId: 'deleteUser',
    summary: 'Delete an account that owns no apps',
    tags,
    params: UserParams,
    response: { 204: NoContent },
  },
  config: {
    access: 'admin-session',
    stepUp: true,
    problems: ['user-not-found', 'last-admin', 'own-account', 'user-owns-apps'],
  },
})

export const listSessionsOfUser = endpoint({
  method: 'GET',
  url: '/api/users/:userId/sessions',
  schema: {
    operationId: 'listSessionsOfUser',
    summary: 'List where a user is signed in',
    tags,
    params: UserParams,
    response: { 200: Type.Object({ items: Type.Array(LoginSession) }) },
  },
  config: { access: 'admin-session', problems: ['user-not-found'] },
})

export const endSessionsOfUser = endpoint({
  method: 'DELETE',
  url: '/api/users/:userId/sessions',
  schema: {
    operationId: 'endSessionsOfUser',
    summary: 'Sign a user out everywhere and end all tokens of his',
    tags,
    params: UserParams,
    response: { 204: NoContent },
  },
  config: { access: 'admin-session', problems: ['user-not-found'] },
})
