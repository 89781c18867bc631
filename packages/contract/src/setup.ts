import { type Static, Type } from '@sinclair/typebox'
import { AppName } from './apps.ts'
import { endpoint } from './endpoint.ts'
import { NewPassword, User, Username } from './people.ts'

export const SetUp = Type.Object(
  {
    token: Type.String({ minLength: 1, maxLength: 200, description: 'From the link in the log of the manager' }),
    username: Username,
    password: NewPassword,
    displayName: Type.Optional(AppName),
  },
  { additionalProperties: false },
)
export type SetUp = Static<typeof SetUp>

export const setupState = endpoint({
  method: 'GET',
  url: '/api/setup',
  schema: {
    operationId: 'setupState',
    summary: 'Whether the installation still has no user',
    tags: ['auth'],
    response: { 200: Type.Object({ needed: Type.Boolean() }) },
  },
  config: { access: 'public', problems: [] },
})

export const setUp = endpoint({
  method: 'POST',
  url: '/api/setup',
  schema: {
    operationId: 'setUp',
    summary: 'Make the first admin, once, and sign in',
    tags: ['auth'],
    body: SetUp,
    response: { 201: Type.Object({ user: User }) },
  },
  config: {
    access: 'public',
    problems: ['setup-token-wrong', 'already-set-up', 'too-many-requests', 'https-required', 'foreign-origin'],
  },
})
