import { type Static, Type } from '@sinclair/typebox'
import { App, CodeSource, CreateApp, Slug } from './apps.ts'
import { Nullable, unnamed } from './common.ts'
import { Deployment, Wait } from './deployments.ts'
import { endpoint } from './endpoint.ts'

/** Fields of an app that the call may set, as an app has them. */
export const AppFields = Type.Partial(Type.Omit(CreateApp, ['slug', 'codeSource']), { additionalProperties: false })
export type AppFields = Static<typeof AppFields>

const text = (description: string, maxLength = 256) => Type.Optional(Type.String({ description, maxLength }))

/** The same fields as texts of a query or a form; lists are separated by commas. */
export const AppTexts = Type.Object(
  {
    name: text('Name of a new app; by default its slug'),
    rVersion: text("'latest', 4.5 or 4.5.0"),
    packages: text('R packages, separated by commas', 10_000),
    systemPackages: text('Debian packages, separated by commas', 10_000),
    entryScript: text('File at the top of the code'),
    mode: text('ocap or http'),
    replicas: text('1 to 10'),
    memoryBytes: text('Limit of each replica'),
    cpus: text('Limit of each replica'),
    pids: text('Limit of each replica'),
  },
  { additionalProperties: false },
)
export type AppTexts = Static<typeof AppTexts>

export const OneCallQuery = Type.Composite(
  [
    Wait,
    Type.Object({ create: Type.Optional(Type.Boolean({ description: 'Make the app when it is new' })) }),
    AppTexts,
  ],
  { additionalProperties: false },
)

export const OneCallBody = Type.Object({ codeSource: CodeSource }, { additionalProperties: false })
export type OneCallBody = Static<typeof OneCallBody>

export const Deployed = Type.Object(
  {
    app: App,
    deployment: unnamed(Deployment),
    url: Type.String({ description: 'Absolute public address of the app' }),
  },
  { $id: 'Deployed' },
)
export type Deployed = Static<typeof Deployed>

export const deployInOneCall = endpoint({
  method: 'POST',
  url: '/api/deploy/:slug',
  schema: {
    operationId: 'deployInOneCall',
    summary:
      'Deploy with one call: an archive as body or in the form field "bundle" after other fields, or { codeSource }; without a body the newest code of the app’s source',
    tags: ['apps'],
    consumes: ['application/gzip', 'application/zip', 'multipart/form-data', 'application/json'],
    params: Type.Object({ slug: Slug }),
    querystring: OneCallQuery,
    body: Nullable(OneCallBody),
    response: { 200: Deployed, 202: Deployed },
  },
  config: {
    access: 'deploy',
    perMinute: 120,
    problems: [
      'app-not-found',
      'invalid-request',
      'slug-reserved',
      'slug-taken',
      'r-version-not-offered',
      'source-is-git',
      'unsafe-archive',
      'not-an-archive',
      'too-large',
      'nothing-to-deploy',
      'app-busy',
      'unsupported-media-type',
      'disk-full',
      'spawner-unavailable',
    ],
  },
})
