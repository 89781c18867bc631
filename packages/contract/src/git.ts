import { type Static, Type } from '@sinclair/typebox'
import { EntryScript, GitSource } from './apps.ts'
import { endpoint } from './endpoint.ts'
import { CodeFacts } from './uploads.ts'

export const InspectGit = Type.Object(
  {
    repoUrl: GitSource.properties.repoUrl,
    branch: GitSource.properties.branch,
    subdirectory: GitSource.properties.subdirectory,
    credentialId: GitSource.properties.credentialId,
    entryScript: Type.Optional(EntryScript),
  },
  { additionalProperties: false },
)
export type InspectGit = Static<typeof InspectGit>

export const GitInspection = Type.Object(
  {
    branches: Type.Array(Type.String(), { description: 'Branches, then tags' }),
    branch: Type.String({ description: 'The one that was read' }),
    commit: Type.String(),
    found: CodeFacts,
  },
  { $id: 'GitInspection' },
)
export type GitInspection = Static<typeof GitInspection>

export const inspectGit = endpoint({
  method: 'POST',
  url: '/api/git/inspect',
  schema: {
    operationId: 'inspectGit',
    summary: 'Read a repository: its branches, and what its code says about packages, R version and mode',
    tags: ['git'],
    body: InspectGit,
    response: { 200: GitInspection },
  },
  config: {
    access: 'manage',
    perMinute: 60,
    problems: ['invalid-request', 'credential-not-found', 'source-unreadable', 'too-many-requests', 'disk-full'],
  },
})
