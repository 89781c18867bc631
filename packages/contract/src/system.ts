import { type Static, Type } from '@sinclair/typebox'
import { Nullable, Timestamp, words } from './common.ts'
import { endpoint } from './endpoint.ts'

export const Health = Type.Object(
  {
    status: words('ok', 'degraded'),
    db: Type.Boolean(),
    engine: Type.Boolean({ description: 'It answers; while it does not, apps keep serving and nothing can change' }),
    since: Nullable(Timestamp),
    active: Type.Boolean({ description: 'False: another manager acts, and this one only reads' }),
  },
  { $id: 'Health' },
)
export type Health = Static<typeof Health>

export const health = endpoint({
  method: 'GET',
  url: '/api/health',
  schema: {
    operationId: 'health',
    summary: 'Whether the manager can serve; 503 without a database',
    tags: ['system'],
    response: { 200: Health },
  },
  config: { access: 'public', problems: ['database-unavailable'] },
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
  config: { access: 'public', problems: [] },
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
  config: { access: 'public', problems: ['database-unavailable', 'spawner-unavailable'] },
})

export const Drift = Type.Object(
  {
    code: words('replicas', 'serving', 'generation', 'not-stopped', 'no-row', 'two-live', 'two-rollouts', 'template'),
    appId: Type.String(),
    text: Type.String(),
  },
  { $id: 'Drift' },
)
export type Drift = Static<typeof Drift>

export const System = Type.Object(
  {
    engine: Type.Object({
      answers: Type.Boolean(),
      unknownSince: Nullable(Timestamp),
      version: Nullable(Type.String()),
      findings: Type.Array(Type.Object({ subject: Type.String(), ok: Type.Boolean(), message: Type.String() })),
    }),
    machine: Type.Object({ memoryFreeBytes: Type.Integer(), diskFreeBytes: Type.Integer() }),
    queue: Type.Object({
      waiting: Type.Integer({ description: 'Deployments that wait for their build' }),
      building: Type.Integer(),
      rollingOut: Type.Integer(),
    }),
    drift: Nullable(
      Type.Array(Drift, {
        description: 'Where what runs is not what is asked for, and nothing under way explains it; null: not known',
      }),
    ),
    versions: Type.Object({ node: Type.String() }),
  },
  { $id: 'System' },
)
export type System = Static<typeof System>

export const getSystem = endpoint({
  method: 'GET',
  url: '/api/system',
  schema: {
    operationId: 'getSystem',
    summary: 'Engine, machine, queue and drift, looked at now; for admins',
    tags: ['system'],
    response: { 200: System },
  },
  config: { access: 'admin', problems: ['not-allowed'] },
})

export const Cleanup = Type.Object(
  {
    dryRun: Type.Boolean(),
    items: Type.Array(
      Type.Object({
        kind: words('image', 'container', 'volume', 'upload', 'build-log'),
        id: Type.String(),
        name: Type.String(),
        sizeBytes: Type.Integer({ description: 'Of an image without what it is built on' }),
        reason: Type.String({ description: 'The rest of a sentence: why nothing needs it' }),
      }),
    ),
    freedBytes: Type.Integer(),
  },
  { $id: 'Cleanup' },
)
export type Cleanup = Static<typeof Cleanup>

export const cleanUp = endpoint({
  method: 'POST',
  url: '/api/system/cleanup',
  schema: {
    operationId: 'cleanUp',
    summary: 'Remove what no kept release needs, or tell with dryRun what would go; for admins',
    tags: ['system'],
    querystring: Type.Object({ dryRun: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
    response: { 200: Cleanup },
  },
  config: { access: 'admin', problems: ['invalid-request', 'spawner-unavailable'] },
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
  config: { access: 'read', problems: ['spawner-unavailable'] },
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
  config: { access: 'read', problems: ['invalid-request'] },
})
