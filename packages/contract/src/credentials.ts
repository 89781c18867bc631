import { type Static, Type } from '@sinclair/typebox'
import { NoContent, Nullable, Timestamp, Uuid } from './common.ts'
import { endpoint } from './endpoint.ts'

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
// A line end would begin another header.
const oneLine = '^[\\x21-\\x7e]+$'

export const CreateCredential = Type.Object(
  {
    name: Type.String({
      description: 'a name for people',
      minLength: 1,
      maxLength: 100,
      pattern: '^[^\\p{C}]*\\S[^\\p{C}]*$',
    }),
    host: Type.String({
      description: 'a host such as github.com, with its port unless that is 443',
      maxLength: 260,
      pattern: `^(?:${label}\\.)+(?=[a-z])${label}(?::[1-9][0-9]{2,4})?$`,
    }),
    username: Type.Optional(
      Type.String({
        description: 'visible ASCII without a colon',
        minLength: 1,
        maxLength: 200,
        pattern: '^[!-9;-~]+$',
      }),
    ),
    secret: Type.String({
      description: 'a token or password of visible ASCII',
      minLength: 6,
      maxLength: 2_000,
      pattern: oneLine,
    }),
  },
  { additionalProperties: false },
)
export type CreateCredential = Static<typeof CreateCredential>

/** Without its secret, which is never shown again. */
export const Credential = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    host: Type.String(),
    username: Type.String(),
    createdAt: Timestamp,
    lastUsedAt: Nullable(Timestamp),
  },
  { $id: 'Credential' },
)
export type Credential = Static<typeof Credential>

export const listCredentials = endpoint({
  method: 'GET',
  url: '/api/credentials',
  schema: {
    operationId: 'listCredentials',
    summary: 'List your own credentials for private repositories',
    tags: ['git'],
    response: { 200: Type.Object({ items: Type.Array(Credential) }) },
  },
  config: { access: 'manage', problems: [] },
})

export const createCredential = endpoint({
  method: 'POST',
  url: '/api/credentials',
  schema: {
    operationId: 'createCredential',
    summary: 'Keep a token or password for the repositories of one host; it is never shown again',
    tags: ['git'],
    body: CreateCredential,
    response: { 201: Credential },
  },
  config: { access: 'manage', stepUp: true, problems: ['invalid-request', 'too-many-credentials'] },
})

export const deleteCredential = endpoint({
  method: 'DELETE',
  url: '/api/credentials/:credentialId',
  schema: {
    operationId: 'deleteCredential',
    summary: 'Forget a credential; apps that use it can no longer fetch their code',
    tags: ['git'],
    params: Type.Object({ credentialId: Uuid }),
    response: { 204: NoContent },
  },
  config: { access: 'manage', problems: ['invalid-request', 'credential-not-found'] },
})
