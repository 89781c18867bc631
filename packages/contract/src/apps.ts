import { type Static, Type } from '@sinclair/typebox'
import { NoContent, Nullable, Page, PageQuery, Timestamp, Uuid, words } from './common.ts'
import { Deployment } from './deployments.ts'
import { appRights, endpoint } from './endpoint.ts'
import { PackageRef, SystemPackage } from './packages.ts'
import { ReleaseSummary } from './releases.ts'

// Descriptions of patterned strings end the sentence "must be: …" in error messages.
export const AppName = Type.String({
  description: '1 to 128 characters, without control or bidirectional ones',
  minLength: 1,
  maxLength: 128,
  pattern: '^(?=.*\\S)[^\\p{Cc}\\p{Cs}\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]+$',
  examples: ['Sales forecast'],
})
/** A DNS label without a double hyphen at 3 and 4 (RFC 5891), so that slugs can become host names. */
export const Slug = Type.String({
  description: 'lower-case letters, digits and single hyphens, beginning and ending with a letter or digit',
  minLength: 1,
  maxLength: 63,
  pattern: '^(?!..--)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
})
export const EntryScript = Type.String({
  description: 'the name of a file that ends in .R, without folders',
  maxLength: 100,
  pattern: '^[A-Za-z0-9_][A-Za-z0-9._-]*\\.R$',
})
export const RVersion = Type.String({
  description: "'latest', or a version such as 4.5 or 4.5.0",
  maxLength: 12,
  pattern: '^(latest|[0-9]+\\.[0-9]+(\\.[0-9]+)?)$',
})
/** Git's own rules for a ref name, minus shell characters. */
export const Branch = Type.String({
  description: 'the name of a branch or tag',
  minLength: 1,
  maxLength: 255,
  pattern:
    '^(?![-./@]$)(?![-./])(?!.*(?:\\.\\.|//|/\\.|@\\{|\\.lock(?:/|$)))[A-Za-z0-9_./@+=,#%-]*[A-Za-z0-9_@+=,#%-]$',
})
const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const notAnAddress = '(?!\\d+(?:\\.\\d+)*[:/])(?!0x)'
const notThePlatform = '(?!metadata\\.google\\.internal[:/]|[^/:]+\\.docker\\.internal[:/])'
/** 443, or what no privileged service listens on: 1024 to 65535. */
const port = '443|(?!10[01]|102[0-3])[1-9]\\d{3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5]'
const pathSegments = '(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+/?'
/** https with a host name of at least two labels; addresses, user info, query and fragment are refused. */
export const RepoUrl = Type.String({
  description: 'an https address such as https://github.com/owner/repo, without user, query or fragment',
  maxLength: 500,
  pattern: `^https://${notAnAddress}${notThePlatform}(?:${label}\\.)+(?=[A-Za-z])${label}(?::(?:${port}))?${pathSegments}$`,
})
export const Subdirectory = Type.String({
  description: 'a relative folder such as apps/hello',
  maxLength: 200,
  pattern: '^(?!.*(?:^|/)\\.{1,2}(?:/|$))[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*$',
})

export const UploadSource = Type.Object({ type: Type.Literal('upload') }, { additionalProperties: false })
export const GitSource = Type.Object(
  {
    type: Type.Literal('git'),
    repoUrl: RepoUrl,
    branch: Type.Optional(Branch),
    subdirectory: Type.Optional(Subdirectory),
    credentialId: Type.Optional(Uuid),
  },
  { additionalProperties: false },
)
export const CodeSource = Type.Union([UploadSource, GitSource])
export type CodeSource = Static<typeof CodeSource>
export type GitSource = Static<typeof GitSource>

export const Resources = Type.Object(
  {
    memoryBytes: Type.Optional(Type.Integer({ minimum: 64 * 2 ** 20, maximum: 2 ** 40 })),
    cpus: Type.Optional(Type.Number({ minimum: 0.1, maximum: 256 })),
    pids: Type.Optional(Type.Integer({ minimum: 16, maximum: 32_768 })),
  },
  { additionalProperties: false },
)
export type Resources = Static<typeof Resources>

export const Mode = words('ocap', 'http')
export type Mode = Static<typeof Mode>
export const Egress = words('internet', 'none')
export const DesiredState = words('running', 'stopped')
export const AppStatus = words('draft', 'stopped', 'starting', 'running', 'degraded', 'crash-loop', 'failed', 'unknown')
export type AppStatus = Static<typeof AppStatus>

const packages = Type.Array(PackageRef, { maxItems: 500, uniqueItems: true })
const systemPackages = Type.Array(SystemPackage, { maxItems: 200, uniqueItems: true })
const replicas = Type.Integer({ minimum: 1, maximum: 10 })

/** How replicas of the live deployment died last. */
export const Crash = Type.Object({
  at: Timestamp,
  kind: words('exit', 'session', 'unhealthy'),
  exitCode: Nullable(Type.Integer()),
  outOfMemory: Type.Boolean(),
  deaths: Type.Integer({ description: 'In the ten minutes before the last one' }),
  loopSince: Nullable(Timestamp),
  nextTryAt: Nullable(Timestamp),
  lastLines: Type.Array(Type.String(), { description: 'Output before it, at most 20 lines' }),
})
export type Crash = Static<typeof Crash>

export const App = Type.Object(
  {
    id: Uuid,
    slug: Type.String(),
    name: Type.String(),
    owner: Type.Object({ id: Uuid, username: Type.String() }),
    right: words(...appRights),
    rVersion: Type.String(),
    packages: Type.Array(Type.String()),
    systemPackages: Type.Array(Type.String()),
    codeSource: CodeSource,
    entryScript: Type.String(),
    mode: Mode,
    replicas: Type.Integer(),
    resources: Resources,
    drainSeconds: Type.Integer(),
    startTimeoutSeconds: Type.Integer(),
    buildTimeoutSeconds: Type.Integer(),
    keepReleases: Type.Integer(),
    egress: Egress,
    reuseConnections: Type.Boolean(),
    domain: Nullable(Type.String()),
    desiredState: DesiredState,
    status: AppStatus,
    statusDetail: Nullable(Type.String({ description: 'A sentence; null when the status says it all' })),
    url: Type.String({ description: 'Absolute public address' }),
    hasCode: Type.Boolean({ description: 'False for an upload app before its first upload' }),
    release: Nullable(ReleaseSummary),
    /** The newest; of the last lines of a failure only the end. */
    deployment: Nullable(Deployment),
    sessions: Nullable(Type.Integer({ description: 'Open ones when somebody last looked' })),
    sessionsAt: Nullable(Timestamp),
    pendingSettings: Type.Array(Type.String(), {
      description: 'Saved settings that the live release does not have yet: apply makes them live',
    }),
    crash: Nullable(Crash),
    version: Type.Integer({ description: 'Rises with every change; the ETag' }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { $id: 'App' },
)
export type App = Static<typeof App>

export const CreateApp = Type.Object(
  {
    name: AppName,
    slug: Slug,
    codeSource: CodeSource,
    rVersion: Type.Optional(RVersion),
    packages: Type.Optional(packages),
    systemPackages: Type.Optional(systemPackages),
    entryScript: Type.Optional(EntryScript),
    mode: Type.Optional(Mode),
    replicas: Type.Optional(replicas),
    resources: Type.Optional(Resources),
  },
  { additionalProperties: false },
)
export type CreateApp = Static<typeof CreateApp>

export const UpdateApp = Type.Object(
  {
    name: Type.Optional(AppName),
    codeSource: Type.Optional(CodeSource),
    rVersion: Type.Optional(RVersion),
    packages: Type.Optional(packages),
    systemPackages: Type.Optional(systemPackages),
    entryScript: Type.Optional(EntryScript),
    mode: Type.Optional(Mode),
    replicas: Type.Optional(replicas),
    resources: Type.Optional(Resources),
    drainSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 86_400 })),
    startTimeoutSeconds: Type.Optional(Type.Integer({ minimum: 5, maximum: 3_600 })),
    buildTimeoutSeconds: Type.Optional(Type.Integer({ minimum: 30, maximum: 86_400 })),
    keepReleases: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
    egress: Type.Optional(Egress),
    reuseConnections: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, minProperties: 1 },
)
export type UpdateApp = Static<typeof UpdateApp>

export const AppParams = Type.Object({ appId: Uuid })
export const AppSort = words('need', 'name', 'created')

export const ListAppsQuery = Type.Composite(
  [
    PageQuery,
    Type.Object({
      q: Type.Optional(Type.String({ maxLength: 100 })),
      status: Type.Optional(AppStatus),
      sort: Type.Optional(AppSort),
    }),
  ],
  { additionalProperties: false },
)

/** Of everything that is asked of one app. */
export const appErrors = ['app-not-found', 'invalid-request'] as const

export const listApps = endpoint({
  method: 'GET',
  url: '/api/apps',
  schema: {
    operationId: 'listApps',
    summary: 'List the apps that the caller may see',
    tags: ['apps'],
    querystring: ListAppsQuery,
    response: { 200: Page(App) },
  },
  config: { access: 'read', problems: ['invalid-request'] },
})

export const createApp = endpoint({
  method: 'POST',
  url: '/api/apps',
  schema: {
    operationId: 'createApp',
    summary: 'Create an app',
    tags: ['apps'],
    body: CreateApp,
    response: { 201: App },
  },
  config: {
    access: 'manage',
    problems: [
      'quota-exceeded',
      'invalid-request',
      'slug-reserved',
      'slug-taken',
      'r-version-not-offered',
      'too-large',
      'spawner-unavailable',
    ],
  },
})

export const getApp = endpoint({
  method: 'GET',
  url: '/api/apps/:appId',
  schema: { operationId: 'getApp', summary: 'Read one app', tags: ['apps'], params: AppParams, response: { 200: App } },
  config: { access: 'read', app: 'view', problems: [...appErrors] },
})

export const updateApp = endpoint({
  method: 'PUT',
  url: '/api/apps/:appId',
  schema: {
    operationId: 'updateApp',
    summary: 'Change settings; all but name and replicas wait for apply or the next deployment',
    tags: ['apps'],
    params: AppParams,
    body: UpdateApp,
    response: { 200: App },
  },
  config: {
    access: 'manage',
    app: 'edit',
    problems: [...appErrors, 'changed-meanwhile', 'r-version-not-offered', 'spawner-unavailable'],
  },
})

export const deleteApp = endpoint({
  method: 'DELETE',
  url: '/api/apps/:appId',
  schema: {
    operationId: 'deleteApp',
    summary: 'Delete an app with its code, images and releases',
    tags: ['apps'],
    params: AppParams,
    response: { 202: NoContent },
  },
  config: { access: 'manage', app: 'own', problems: [...appErrors, 'changed-meanwhile'] },
})
