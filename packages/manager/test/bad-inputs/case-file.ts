import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One input that must be answered as stated. The form of the file is described in README.md beside it. */
export interface BadInput {
  id: string
  area: string
  kind: 'request' | 'upload' | 'scenario'
  method: string
  path: string
  auth: string
  why: string
  expect_status: number[]
  headers?: Record<string, string | null>
  body?: unknown
  raw_body?: unknown
  raw_body_hex?: string
  description?: string
  valid?: boolean
  needs?: string[]
  via?: string
  host?: string
  phase?: string
  build_expect?: string
}

/** Values of `{names}` in a case. */
export type Placeholders = Record<string, string>

const ownFile = join(import.meta.dirname, 'cases.json')

/** Our own cases, or those of BAD_INPUTS_FILE; of BAD_INPUTS_AREAS alone when it is set. */
export function readCases(env: NodeJS.ProcessEnv = process.env): BadInput[] {
  const cases: BadInput[] = JSON.parse(readFileSync(env.BAD_INPUTS_FILE || ownFile, 'utf8'))
  const areas = env.BAD_INPUTS_AREAS?.split(',').map((area) => area.trim())
  return areas ? cases.filter(({ area }) => areas.includes(area)) : cases
}

/** Generators made into what they stand for, known placeholders filled in; other braces are literal. */
export function expand(value: unknown, names: Placeholders): unknown {
  if (typeof value === 'string') return fill(value, names)
  if (Array.isArray(value)) return value.map((item) => expand(item, names))
  if (typeof value !== 'object' || value === null) return value
  const { $repeat, $repeatItem, $concat }: Generators = value
  if ($repeat) return fill(String(expand($repeat[0], names)).repeat($repeat[1]), names)
  if ($concat) return $concat.map((part) => String(expand(part, names))).join('')
  if ($repeatItem) {
    const [item, count] = $repeatItem
    return Array.from({ length: count }, (_, index) => expand(item, { ...names, n: String(index) }))
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, expand(inner, names)]))
}

interface Generators {
  $repeat?: [unknown, number]
  $repeatItem?: [unknown, number]
  $concat?: unknown[]
}

/** Names in braces that we have no value for. */
export function missingPlaceholders(input: BadInput, names: Placeholders): string[] {
  const text = JSON.stringify([input.path, input.headers, input.body, input.raw_body])
  const found = [...text.matchAll(/\{([A-Za-z_]+)\}/g)].map(([, name = '']) => name)
  return found.filter((name) => known.has(name) && !(name in names) && name !== 'n')
}

const known = new Set(
  'appId appIdUpper otherAppId uniqueSlug userId selfId ownerId adminAId lastAdminId otherUserId otherUserTokenId otherDeploymentId tokenId auditId hookId currentPassword sessionCookie validToken expiredToken revokedToken tokenBadChecksum tokenOfDeletedUser tokenOfDisabledUser MANAGER_HOST MANAGER_HOST_UPPER APPS_HOST n'.split(
    ' ',
  ),
)

const fill = (text: string, names: Placeholders) =>
  text.replace(/\{([A-Za-z_]+)\}/g, (whole, name: string) => names[name] ?? whole)
