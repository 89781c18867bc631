import { type Static, Type } from '@sinclair/typebox'
import { Nullable, Page, PageQuery, Timestamp, Uuid } from './common.ts'
import { endpoint } from './endpoint.ts'
import { PackagesFrom } from './packages.ts'

/** Exact code: a hash over the tree, and where it came from. */
export const Revision = Type.Object({
  hash: Type.String({ description: 'sha256 over the sorted tree' }),
  label: Type.String({ description: 'For people: short commit and branch, or the name of the archive' }),
  commit: Nullable(Type.String()),
  files: Type.Integer(),
})
export type Revision = Static<typeof Revision>

export const InstalledPackage = Type.Object({ name: Type.String(), version: Type.String() })
export type InstalledPackage = Static<typeof InstalledPackage>

export const ReleaseSummary = Type.Object({
  number: Type.Integer(),
  revision: Revision,
  rVersion: Type.String(),
  packageCount: Type.Integer(),
  packagesFrom: Nullable(PackagesFrom),
  createdAt: Timestamp,
})
export type ReleaseSummary = Static<typeof ReleaseSummary>

export const Release = Type.Composite(
  [
    ReleaseSummary,
    Type.Object({
      imageId: Type.String(),
      isLive: Type.Boolean(),
      isAvailable: Type.Boolean({ description: 'Its image is kept: it can be rolled back to' }),
      packages: Type.Array(InstalledPackage),
      settings: Type.Record(Type.String(), Type.Unknown()),
    }),
  ],
  { $id: 'Release' },
)
export type Release = Static<typeof Release>

/** What is different in `other`; equal parts are left out. */
export const ReleaseDiff = Type.Object(
  {
    from: Type.Integer(),
    to: Type.Integer(),
    revision: Nullable(Type.Object({ from: Revision, to: Revision })),
    packages: Type.Array(
      Type.Object({
        name: Type.String(),
        from: Nullable(Type.String({ description: 'Null: added' })),
        to: Nullable(Type.String({ description: 'Null: removed' })),
      }),
    ),
    image: Nullable(Type.Object({ from: Type.String(), to: Type.String() })),
    settings: Type.Array(Type.Object({ name: Type.String(), from: Type.Unknown(), to: Type.Unknown() })),
  },
  { $id: 'ReleaseDiff' },
)
export type ReleaseDiff = Static<typeof ReleaseDiff>

const ReleaseNumber = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 })
const errors = ['app-not-found', 'invalid-request'] as const

export const listReleases = endpoint({
  method: 'GET',
  url: '/api/apps/:appId/releases',
  schema: {
    operationId: 'listReleases',
    summary: 'List the releases of an app, newest first',
    tags: ['releases'],
    params: Type.Object({ appId: Uuid }),
    querystring: PageQuery,
    response: { 200: Page(Release) },
  },
  config: { access: 'read', app: 'view', problems: [...errors] },
})

export const getRelease = endpoint({
  method: 'GET',
  url: '/api/apps/:appId/releases/:number',
  schema: {
    operationId: 'getRelease',
    summary: 'Read one release',
    tags: ['releases'],
    params: Type.Object({ appId: Uuid, number: ReleaseNumber }),
    response: { 200: Release },
  },
  config: { access: 'read', app: 'view', problems: [...errors, 'release-not-found'] },
})

export const getRenvLock = endpoint({
  method: 'GET',
  url: '/api/apps/:appId/releases/:number/renv.lock',
  schema: {
    operationId: 'getRenvLock',
    summary: 'Download the packages of a release as a lock file that renv::restore() takes',
    tags: ['releases'],
    produces: ['application/json'],
    params: Type.Object({ appId: Uuid, number: ReleaseNumber }),
    response: { 200: Type.String() },
  },
  config: { access: 'read', app: 'view', problems: [...errors, 'release-not-found', 'lock-not-recorded'] },
})

export const diffReleases = endpoint({
  method: 'GET',
  url: '/api/apps/:appId/releases/:number/diff/:other',
  schema: {
    operationId: 'diffReleases',
    summary: 'What changes from one release to another',
    tags: ['releases'],
    params: Type.Object({ appId: Uuid, number: ReleaseNumber, other: ReleaseNumber }),
    response: { 200: ReleaseDiff },
  },
  config: { access: 'read', app: 'view', problems: [...errors, 'release-not-found'] },
})
