import { type Static, Type } from '@sinclair/typebox'
import { App, AppParams } from './apps.ts'
import { NoContent, Uuid, words } from './common.ts'
import { endpoint } from './endpoint.ts'
import { Username } from './people.ts'

/** `viewer` sees the app and its logs; `editor` also deploys it and changes its settings. */
export const CollaboratorRole = words('viewer', 'editor')
export type CollaboratorRole = Static<typeof CollaboratorRole>

export const Collaborator = Type.Object(
  { user: Type.Object({ id: Uuid, username: Type.String() }), role: CollaboratorRole },
  { $id: 'Collaborator' },
)
export type Collaborator = Static<typeof Collaborator>

const List = Type.Object({ items: Type.Array(Collaborator) })

/** By id, or by name: who is no admin cannot look ids up. */
const person = { userId: Type.Optional(Uuid), username: Type.Optional(Username) }

export const Share = Type.Object(
  { ...person, role: CollaboratorRole },
  { additionalProperties: false, minProperties: 2, maxProperties: 2 },
)
export type Share = Static<typeof Share>

export const Transfer = Type.Object(person, { additionalProperties: false, minProperties: 1, maxProperties: 1 })
export type Transfer = Static<typeof Transfer>

export const listCollaborators = endpoint({
  method: 'GET',
  url: '/api/apps/:appId/collaborators',
  schema: {
    operationId: 'listCollaborators',
    summary: 'List who else may see or change the app',
    tags: ['apps'],
    params: AppParams,
    response: { 200: List },
  },
  config: { access: 'read', app: 'view', problems: [] },
})

export const putCollaborator = endpoint({
  method: 'PUT',
  url: '/api/apps/:appId/collaborators',
  schema: {
    operationId: 'putCollaborator',
    summary: 'Share the app with a user, or change what the user may do',
    tags: ['apps'],
    params: AppParams,
    body: Share,
    response: { 200: List },
  },
  config: { access: 'manage', app: 'own', problems: ['user-not-found'] },
})

export const deleteCollaborator = endpoint({
  method: 'DELETE',
  url: '/api/apps/:appId/collaborators',
  schema: {
    operationId: 'deleteCollaborator',
    summary: 'Stop sharing the app with a user; collaborators may leave by themselves',
    tags: ['apps'],
    params: AppParams,
    querystring: Type.Object({ userId: Uuid }, { additionalProperties: false }),
    response: { 204: NoContent },
  },
  // Own, or one's own entry: the service tells.
  config: { access: 'manage', app: 'view', problems: ['collaborator-not-found'] },
})

export const transferApp = endpoint({
  method: 'POST',
  url: '/api/apps/:appId/transfer',
  schema: {
    operationId: 'transferApp',
    summary: 'Hand the app to another owner; you stay as an editor',
    tags: ['apps'],
    params: AppParams,
    body: Transfer,
    response: { 200: App },
  },
  config: { access: 'manage', app: 'own', problems: ['user-not-found'] },
})
