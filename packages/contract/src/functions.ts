import { type Static, Type } from '@sinclair/typebox'
import { appErrors } from './apps.ts'
import { Nullable, Uuid, words } from './common.ts'
import { endpoint } from './endpoint.ts'

export const AppFunction = Type.Object({
  name: Type.String({ description: 'Of nested lists the names are joined by dots' }),
  arguments: Type.Array(
    Type.Object({
      name: Type.String(),
      required: Type.Boolean(),
      default: Type.Optional(Type.String({ description: 'As R writes it' })),
      type: Type.Optional(words('number', 'string', 'boolean')),
    }),
  ),
})
export type AppFunction = Static<typeof AppFunction>

export const Functions = Type.Object(
  {
    release: Nullable(Type.Integer({ description: 'The live one; null when nothing is live' })),
    functions: Nullable(Type.Array(AppFunction, { description: 'Null: not an OCAP app, or they could not be listed' })),
  },
  { $id: 'Functions' },
)
export type Functions = Static<typeof Functions>

export const listFunctions = endpoint({
  method: 'GET',
  url: '/api/apps/:appId/functions',
  schema: {
    operationId: 'listFunctions',
    summary: 'List the OCAP functions of the live release, with the names of their arguments',
    tags: ['releases'],
    params: Type.Object({ appId: Uuid }),
    response: { 200: Functions },
  },
  config: { access: 'read', app: 'view', problems: [...appErrors] },
})
