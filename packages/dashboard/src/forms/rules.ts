import {
  AppName,
  Branch,
  EntryScript,
  type GitSource,
  RepoUrl,
  Slug,
  Subdirectory,
} from '@rserve-proxy/contract/apps.ts'
import { PackageRef } from '@rserve-proxy/contract/packages.ts'

interface TextSchema {
  pattern?: string
  minLength?: number
  maxLength?: number
}

/** The limits are the contract's; only the sentences are ours. */
const rules = {
  name: { schema: AppName, says: 'Use 1 to 128 visible characters.' },
  slug: { schema: Slug, says: 'Use a-z, 0-9 and single hyphens between them, at most 63.' },
  entryScript: { schema: EntryScript, says: 'Name a file in the top folder that ends in .R, for example app.R.' },
  'codeSource.repoUrl': {
    schema: RepoUrl,
    says: 'Use an https:// address with a host name, without user or password.',
  },
  'codeSource.branch': { schema: Branch, says: 'This is not the name of a branch.' },
  'codeSource.subdirectory': { schema: Subdirectory, says: 'Use a path inside the repository, like apps/forecast.' },
} satisfies Record<string, { schema: TextSchema; says: string }>

export type RuledField = keyof typeof rules
export type FieldErrors = Partial<Record<string, string>>

export const gitRules = ({ repoUrl, branch, subdirectory }: GitSource) => ({
  'codeSource.repoUrl': repoUrl,
  'codeSource.branch': branch,
  'codeSource.subdirectory': subdirectory,
})

/** Sentences for the fields that break a rule; optional ones may be absent. */
export function brokenRules(values: Partial<Record<RuledField, string | undefined>>, packages: string[]): FieldErrors {
  const broken = Object.entries(rules).flatMap(([name, { schema, says }]) => {
    const value = new Map(Object.entries(values)).get(name)
    return value === undefined || fits(schema, value) ? [] : [[name, says]]
  })
  const strange = packages.find((name) => !fits(PackageRef, name))
  return Object.fromEntries([...broken, ...(strange === undefined ? [] : [['packages', unknownPackage(strange)]])])
}

function fits({ pattern = '', minLength = 0, maxLength = Number.POSITIVE_INFINITY }: TextSchema, value: string) {
  return value.length >= minLength && value.length <= maxLength && new RegExp(pattern, 'u').test(value)
}

const unknownPackage = (name: string) =>
  `${name.slice(0, 60)} is not the name of a package. Use a name, name@1.2.3 or owner/repo.`
