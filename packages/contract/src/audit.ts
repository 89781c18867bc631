import { type Static, Type } from '@sinclair/typebox'
import { Nullable, Page, PageQuery, Timestamp, Uuid, words } from './common.ts'
import { endpoint } from './endpoint.ts'

/** What people and scripts do, by noun and verb. */
export const auditActions = [
  ...['login', 'logout', 'set-up', 'password.change', 'password.verify', 'profile.change', 'login-session.end'],
  ...['token.create', 'token.delete', 'user.create', 'user.update', 'user.delete', 'user.sign-out', 'password.reset'],
  ...['app.create', 'app.update', 'app.delete', 'app.transfer', 'app.upload', 'app.session-end'],
  ...['app.start', 'app.stop', 'app.restart', 'app.deploy', 'app.rebuild', 'app.rollback', 'app.apply'],
  ...['deployment.cancel', 'deployment.end-drain', 'collaborator.put', 'collaborator.delete'],
  ...['credential.create', 'credential.delete', 'system.cleanup', 'access'],
] as const
export const AuditAction = words(...auditActions)
export type AuditAction = Static<typeof AuditAction>

export const AuditEvent = Type.Object(
  {
    id: Uuid,
    at: Timestamp,
    /** Null: nobody signed in. A name without id is what a failed sign-in said. */
    actor: Nullable(Type.Object({ id: Nullable(Uuid), name: Type.String() })),
    auth: words('session', 'token', 'none', 'console'),
    tokenId: Nullable(Uuid),
    address: Nullable(Type.String()),
    action: Type.String(),
    object: Nullable(Type.Object({ type: Type.String(), id: Nullable(Type.String()), name: Nullable(Type.String()) })),
    appId: Nullable(Uuid),
    result: words('success', 'denied', 'failed'),
    detail: Nullable(Type.String()),
    requestId: Nullable(Type.String()),
  },
  { $id: 'AuditEvent' },
)
export type AuditEvent = Static<typeof AuditEvent>

export const ListAuditQuery = Type.Object(
  {
    ...PageQuery.properties,
    actor: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Id or user name' })),
    action: Type.Optional(Type.String({ minLength: 1, maxLength: 40, pattern: '^[a-z.-]+$' })),
    appId: Type.Optional(Uuid),
    result: Type.Optional(words('success', 'denied', 'failed')),
    since: Type.Optional(Timestamp),
    until: Type.Optional(Timestamp),
    format: Type.Optional(words('json', 'csv')),
  },
  { additionalProperties: false },
)
export type ListAuditQuery = Static<typeof ListAuditQuery>

export const listAudit = endpoint({
  method: 'GET',
  url: '/api/audit',
  schema: {
    operationId: 'listAudit',
    summary: 'Who did what, newest first; `format=csv` downloads all that the filters leave',
    tags: ['audit'],
    produces: ['application/json', 'text/csv'],
    querystring: ListAuditQuery,
    response: { 200: Page(AuditEvent) },
  },
  config: { access: 'admin', perMinute: 120, problems: [] },
})
