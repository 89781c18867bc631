import { type Static, Type } from '@sinclair/typebox'
import { Mode } from './apps.ts'
import { Nullable, Uuid } from './common.ts'
import { endpoint } from './endpoint.ts'
import { PackagesFrom } from './packages.ts'

export { archiveLimits } from './archive-limits.ts'

/** What code says about how to run it; nothing of it was run. */
export const CodeFacts = Type.Object({
  entryScriptFound: Nullable(Type.String()),
  packagesFound: Type.Array(Type.String()),
  packagesFrom: Nullable(PackagesFrom),
  rVersionFound: Nullable(Type.String()),
  modeFound: Nullable(Mode),
  unsupportedFound: Nullable(Type.String({ description: 'A framework that is not supported: Shiny, plumber' })),
})
export type CodeFacts = Static<typeof CodeFacts>

export const Upload = Type.Composite(
  [
    Type.Object({
      id: Uuid,
      revision: Type.String({ description: 'sha256 over the sorted tree' }),
      sizeBytes: Type.Integer({ description: 'Unpacked' }),
      files: Type.Integer(),
    }),
    CodeFacts,
  ],
  { $id: 'Upload' },
)
export type Upload = Static<typeof Upload>

export const uploadCode = endpoint({
  method: 'POST',
  url: '/api/apps/:appId/upload',
  schema: {
    operationId: 'uploadCode',
    summary: 'Upload code: one file in the field "bundle" (zip, tar, tar.gz). Deploys nothing',
    tags: ['apps'],
    consumes: ['multipart/form-data'],
    params: Type.Object({ appId: Uuid }),
    response: { 201: Upload },
  },
  config: {
    access: 'deploy',
    app: 'edit',
    perMinute: 120,
    problems: [
      'app-not-found',
      'invalid-request',
      'source-is-git',
      'unsafe-archive',
      'not-an-archive',
      'too-large',
      'unsupported-media-type',
      'disk-full',
    ],
  },
})

export const inspectUpload = endpoint({
  method: 'POST',
  url: '/api/uploads/inspect',
  schema: {
    operationId: 'inspectUpload',
    summary: 'Read an archive, in the field "bundle": what its code says about how to run it. Keeps nothing',
    tags: ['apps'],
    consumes: ['multipart/form-data'],
    response: { 200: CodeFacts },
  },
  config: {
    access: 'manage',
    perMinute: 60,
    problems: [
      'invalid-request',
      'unsafe-archive',
      'not-an-archive',
      'too-large',
      'unsupported-media-type',
      'disk-full',
    ],
  },
})
