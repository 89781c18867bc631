import { Type } from '@sinclair/typebox'
import { AppParams, appErrors } from './apps.ts'
import { Nullable } from './common.ts'
import { Deployment, Wait } from './deployments.ts'
import { endpoint } from './endpoint.ts'

const verb = <const Name extends 'start' | 'stop' | 'restart' | 'deploy' | 'rebuild' | 'apply'>(
  name: Name,
  summary: string,
) =>
  endpoint({
    method: 'POST',
    url: `/api/apps/:appId/${name}`,
    schema: {
      operationId: `${name}App`,
      summary,
      tags: ['apps'],
      params: AppParams,
      querystring: Wait,
      response: { 200: Deployment, 202: Deployment },
    },
    config: {
      access: 'deploy',
      app: 'edit',
      problems: [
        ...appErrors,
        'nothing-to-deploy',
        'app-busy',
        'release-expired',
        'r-version-not-offered',
        'spawner-unavailable',
      ],
    },
  })

export const Rollback = Type.Object(
  { release: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1, description: 'Number of the release' }) },
  { additionalProperties: false },
)

export const rollbackApp = endpoint({
  method: 'POST',
  url: '/api/apps/:appId/rollback',
  schema: {
    operationId: 'rollbackApp',
    summary: 'Run an older release as a new generation; nothing is built',
    tags: ['apps'],
    params: AppParams,
    querystring: Wait,
    body: Rollback,
    response: { 200: Deployment, 202: Deployment },
  },
  config: {
    access: 'deploy',
    app: 'edit',
    problems: [...appErrors, 'release-not-found', 'release-expired', 'nothing-to-deploy'],
  },
})

export const applyApp = verb('apply', 'Make saved settings live that need no build')
export const startApp = verb('start', 'Start; builds only what is not built')
export const stopApp = verb('stop', 'Stop: close the route, give sessions 10 s, then end them')
export const restartApp = verb('restart', 'Run the same release as a new generation, without a gap')
export const deployApp = verb('deploy', 'Fetch the newest code, build it if it is new, and make it live')

export const Rebuild = Type.Object(
  {
    updatePackages: Type.Optional(
      Type.Boolean({ description: 'Take the newest versions of packages instead of those that were locked' }),
    ),
  },
  { additionalProperties: false },
)

const rebuild = verb('rebuild', 'Fetch the newest code, build anew, and make it live')
export const rebuildApp = endpoint({ ...rebuild, schema: { ...rebuild.schema, body: Nullable(Rebuild) } })
