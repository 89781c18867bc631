import { Type } from '@sinclair/typebox'
import { Nullable, words } from './common.ts'
import { endpoint } from './endpoint.ts'

export const health = endpoint({
  method: 'GET',
  url: '/api/health',
  schema: {
    operationId: 'health',
    summary: 'Whether the manager can serve; 503 without a database',
    tags: ['system'],
    response: { 200: Type.Object({ status: words('ok', 'degraded'), db: Type.Boolean() }) },
  },
  config: { public: true, problems: ['database-unavailable'] },
})

export const healthz = endpoint({
  method: 'GET',
  url: '/healthz',
  schema: {
    operationId: 'healthz',
    summary: 'The process is alive',
    tags: ['system'],
    response: { 200: Type.Object({ status: words('ok') }) },
  },
  config: { public: true, problems: [] },
})

export const readyz = endpoint({
  method: 'GET',
  url: '/readyz',
  schema: {
    operationId: 'readyz',
    summary: 'Database and first look at the engine are done',
    tags: ['system'],
    response: { 200: Type.Object({ status: words('ok') }) },
  },
  config: { public: true, problems: ['database-unavailable', 'spawner-unavailable'] },
})

export const listRuntimes = endpoint({
  method: 'GET',
  url: '/api/runtimes',
  schema: {
    operationId: 'listRuntimes',
    summary: 'Offered R versions, newest first',
    tags: ['system'],
    response: { 200: Type.Object({ items: Type.Array(Type.Object({ rVersion: Type.String() })) }) },
  },
  config: { problems: ['not-signed-in', 'spawner-unavailable'] },
})

export const checkSlug = endpoint({
  method: 'GET',
  url: '/api/slugs/:slug',
  schema: {
    operationId: 'checkSlug',
    summary: 'Whether an address is free',
    tags: ['apps'],
    params: Type.Object({ slug: Type.String({ maxLength: 100 }) }),
    response: { 200: Type.Object({ available: Type.Boolean(), reason: Type.Optional(Nullable(Type.String())) }) },
  },
  config: { problems: ['not-signed-in', 'invalid-request'] },
})
