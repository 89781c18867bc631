import { type Static, Type } from '@sinclair/typebox'
import { AppName } from './apps.ts'
import { NoContent, Nullable, Timestamp, Uuid, words } from './common.ts'
import { endpoint } from './endpoint.ts'

/** Each holds the ones before it. `admin` is what only admins may: the installation, and the apps of others. */
export const scopeOrder = ['read', 'deploy', 'manage', 'admin'] as const
export const Scope = words(...scopeOrder)
export type Scope = Static<typeof Scope>

export const CreateToken = Type.Object(
  {
    name: AppName,
    scopes: Type.Optional(
      Type.Array(Scope, {
        minItems: 1,
        maxItems: 4,
        uniqueItems: true,
        default: ['read', 'deploy', 'manage'],
        description: 'Each holds the narrower ones before it: read, deploy, manage, admin',
      }),
    ),
    appIds: Type.Optional(
      Type.Array(Uuid, { minItems: 1, maxItems: 100, uniqueItems: true, description: 'For these apps alone' }),
    ),
    expiresInDays: Type.Optional(
      Nullable(
        Type.Integer({
          minimum: 1,
          maximum: 3650,
          default: 90,
          description: 'Null: never; for tokens of admins alone',
        }),
      ),
    ),
  },
  { additionalProperties: false },
)
export type CreateToken = Static<typeof CreateToken>

export const Token = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    prefix: Type.String({ description: 'The beginning of the token, to tell it from others' }),
    scopes: Type.Array(Scope),
    appIds: Nullable(Type.Array(Uuid)),
    createdAt: Timestamp,
    expiresAt: Nullable(Timestamp),
    lastUsedAt: Nullable(Timestamp),
  },
  { $id: 'Token' },
)
export type Token = Static<typeof Token>

export const listTokens = endpoint({
  method: 'GET',
  url: '/api/auth/tokens',
  schema: {
    operationId: 'listTokens',
    summary: 'List your own tokens',
    tags: ['auth'],
    response: { 200: Type.Object({ items: Type.Array(Token) }) },
  },
  config: { access: 'session', problems: [] },
})

export const createToken = endpoint({
  method: 'POST',
  url: '/api/auth/tokens',
  schema: {
    operationId: 'createToken',
    summary: 'Make a token for scripts; this answer alone shows it',
    tags: ['auth'],
    body: CreateToken,
    response: { 201: Type.Object({ ...Token.properties, token: Type.String() }) },
  },
  config: {
    access: 'session',
    stepUp: true,
    shownOnce: true,
    perMinute: 120,
    problems: ['token-limit', 'app-not-found'],
  },
})

export const deleteToken = endpoint({
  method: 'DELETE',
  url: '/api/auth/tokens/:tokenId',
  schema: {
    operationId: 'deleteToken',
    summary: 'End a token at once',
    tags: ['auth'],
    params: Type.Object({ tokenId: Uuid }),
    response: { 204: NoContent },
  },
  config: { access: 'session', problems: ['token-not-found'] },
})
