import type { AppFields, AppTexts } from '@rserve-proxy/contract/one-call.ts'
import { AppFields as Fields, AppTexts as Texts } from '@rserve-proxy/contract/one-call.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { bodyCheck } from './validators.ts'

const checkTexts = bodyCheck<AppTexts>(Texts)
const checkFields = bodyCheck<AppFields>(Fields)

/** Texts of query and form as fields of an app; 'invalid-request' names those that are none. */
export function appFields(texts: Record<string, string | undefined>): AppFields {
  const { packages, systemPackages, replicas, memoryBytes, cpus, pids, ...rest } = checkTexts(defined(texts))
  const resources = defined({ memoryBytes: numberOf(memoryBytes), cpus: numberOf(cpus), pids: numberOf(pids) })
  return checkFields(
    defined({
      ...rest,
      packages: listOf(packages),
      systemPackages: listOf(systemPackages),
      replicas: numberOf(replicas),
      resources: Object.keys(resources).length > 0 ? resources : undefined,
    }),
  )
}

const listOf = (text: string | undefined) =>
  text
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

/** What is no number stays a text, which the check then refuses. */
const numberOf = (text: string | undefined) =>
  text !== undefined && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text

const defined = (values: object) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

/** Of a form; a name that comes twice would hide one of the two. */
export function onlyOnce(fields: [name: string, value: string][]): Record<string, string> {
  const names = fields.map(([name]) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice) throw new Problem('invalid-request', { detail: `The form has ${twice} twice.` })
  return Object.fromEntries(fields)
}
