import type { AppFunction, FunctionArgument } from '../../image-builder.ts'

const types = ['number', 'string', 'boolean'] as const
const mostFunctions = 1_000
const mostArguments = 200
const longestText = 200

/** What `functions.R` wrote, which ran the app's own code: anything may stand there. Undefined when it is no such list. */
export function parseFunctions(text: string): AppFunction[] | undefined {
  const list = parseJson(text)
  if (!Array.isArray(list)) return undefined
  return list.slice(0, mostFunctions).flatMap((entry: unknown) => {
    const { name, arguments: given } = fieldsOf(entry)
    if (!isText(name) || !Array.isArray(given)) return []
    return [{ name, arguments: given.slice(0, mostArguments).flatMap(argumentOf) }]
  })
}

function argumentOf(entry: unknown): FunctionArgument[] {
  const { name, required, default: value, type } = fieldsOf(entry)
  if (!isText(name) || typeof required !== 'boolean') return []
  const known = types.find((one) => one === type)
  return [{ name, required, ...(isText(value) && { default: value }), ...(known && { type: known }) }]
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= longestText &&
  value.isWellFormed() &&
  !value.includes('\0')

const fieldsOf = (value: unknown): Record<string, unknown> => ({ ...Object(value) })

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
