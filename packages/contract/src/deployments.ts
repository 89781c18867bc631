import { type Static, Type } from '@sinclair/typebox'
import { Nullable, Page, PageQuery, Timestamp, Uuid, words } from './common.ts'
import { endpoint } from './endpoint.ts'
import { Failure } from './failures.ts'

export { isPending, pendingStatuses } from './pending.ts'

export const DeploymentKind = words('start', 'deploy', 'rebuild', 'restart', 'rollback', 'settings', 'stop')
export type DeploymentKind = Static<typeof DeploymentKind>

export const DeploymentStatus = words(
  'queued',
  'building',
  'starting',
  'verifying',
  'switching',
  'live',
  'replaced',
  'stopped',
  'failed',
  'cancelled',
  'superseded',
)
export type DeploymentStatus = Static<typeof DeploymentStatus>

export const StepName = words('fetch', 'packages', 'build', 'start', 'verify', 'switch', 'drain')
export type StepName = Static<typeof StepName>
export const StepStatus = words('waiting', 'running', 'done', 'skipped', 'failed')

export const Step = Type.Object({
  name: StepName,
  status: StepStatus,
  startedAt: Nullable(Timestamp),
  finishedAt: Nullable(Timestamp),
  detail: Nullable(Type.String({ description: 'One fact for people, for example "7f3e2b1 on main"' })),
})
export type Step = Static<typeof Step>

export const BuildSummary = Type.Object({
  id: Uuid,
  status: words('queued', 'running', 'succeeded', 'failed', 'cancelled', 'superseded'),
  phase: Nullable(words('fetching', 'resolving', 'installing', 'assembling', 'verifying')),
  logBytes: Type.Integer(),
  queuePosition: Nullable(Type.Integer({ description: 'While it waits: 1 is the next one' })),
})
export type BuildSummary = Static<typeof BuildSummary>

export const Deployment = Type.Object(
  {
    id: Uuid,
    appId: Uuid,
    kind: DeploymentKind,
    status: DeploymentStatus,
    generation: Nullable(Type.Integer()),
    release: Nullable(Type.Integer({ description: 'Number of the release; reserved when the deployment starts' })),
    build: Nullable(BuildSummary),
    steps: Type.Array(Step),
    failure: Nullable(Failure),
    draining: Nullable(
      Type.Object({
        sessions: Nullable(Type.Integer({ description: 'Null: the engine could not count them' })),
        until: Type.String({ format: 'date-time', description: 'They are ended at the latest then' }),
      }),
    ),
    requestedBy: Nullable(Type.Object({ id: Uuid, username: Type.String() })),
    createdAt: Timestamp,
    finishedAt: Nullable(Timestamp),
  },
  { $id: 'Deployment' },
)
export type Deployment = Static<typeof Deployment>

export const Wait = Type.Object(
  {
    wait: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 120, description: 'Seconds to hold the answer until the end is known' }),
    ),
  },
  { additionalProperties: false },
)

export const DeploymentParams = Type.Object({ appId: Uuid, deploymentId: Uuid })

export const listDeployments = endpoint({
  method: 'GET',
  url: '/api/apps/:appId/deployments',
  schema: {
    operationId: 'listDeployments',
    summary: 'List the deployments of an app, newest first',
    tags: ['deployments'],
    params: Type.Object({ appId: Uuid }),
    querystring: PageQuery,
    response: { 200: Page(Deployment) },
  },
  config: { access: 'read', app: 'view', problems: ['app-not-found', 'invalid-request'] },
})

export const getDeployment = endpoint({
  method: 'GET',
  url: '/api/apps/:appId/deployments/:deploymentId',
  schema: {
    operationId: 'getDeployment',
    summary: 'Read one deployment with its steps',
    tags: ['deployments'],
    params: DeploymentParams,
    response: { 200: Deployment },
  },
  config: { access: 'read', app: 'view', problems: ['app-not-found', 'deployment-not-found', 'invalid-request'] },
})

export const endDrain = endpoint({
  method: 'POST',
  url: '/api/apps/:appId/deployments/:deploymentId/end-drain',
  schema: {
    operationId: 'endDrain',
    summary: 'End the sessions that a live deployment still waits for',
    tags: ['deployments'],
    params: DeploymentParams,
    response: { 202: Deployment },
  },
  config: {
    access: 'deploy',
    app: 'edit',
    problems: ['app-not-found', 'deployment-not-found', 'not-draining', 'invalid-request'],
  },
})

export const cancelDeployment = endpoint({
  method: 'POST',
  url: '/api/apps/:appId/deployments/:deploymentId/cancel',
  schema: {
    operationId: 'cancelDeployment',
    summary: 'Cancel a deployment that has not switched yet',
    tags: ['deployments'],
    params: DeploymentParams,
    response: { 202: Deployment },
  },
  config: {
    access: 'deploy',
    app: 'edit',
    problems: ['app-not-found', 'deployment-not-found', 'already-switched', 'invalid-request'],
  },
})
