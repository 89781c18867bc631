import { Problem } from '@rserve-proxy/contract/problems.ts'
import { Ajv, type Options } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import { inputErrors } from './input-errors.ts'

const quick = createAjv({ coerceTypes: false })
const thorough = createAjv({ coerceTypes: false, allErrors: true })
const strings = createAjv({ coerceTypes: true, allErrors: true })

type Schema = { properties?: Record<string, { format?: string }> }

/** Bodies mean what they say; query and path hold only text, so scalars are read from it. */
export const validatorCompiler: FastifySchemaCompiler<Schema> = ({ schema, httpPart }) =>
  httpPart === 'body' ? bodyValidator(schema) : stringsValidator(schema)

/** The same check for what is not the body of a request; throws 'invalid-request'. */
export function bodyCheck<T>(schema: object): (data: unknown) => T {
  const check = bodyValidator<T>(schema)
  return (data) => {
    const { value, error } = check(data)
    if (error) throw error
    return value
  }
}

function bodyValidator<T>(schema: object) {
  const isValid = quick.compile<T>(schema)
  const explain = thorough.compile(schema)
  return (data: unknown): { value: T; error?: undefined } | { value?: undefined; error: Problem } => {
    if (isValid(data)) return { value: data }
    // A form shows every mistake at once. A hostile megabyte would make hundreds of thousands: its first is enough.
    const isSmall = hasFewerParts(data, 2000)
    if (isSmall) explain(data)
    return { error: invalid((isSmall && explain.errors) || isValid.errors || []) }
  }
}

function stringsValidator(schema: Schema) {
  const isValid = strings.compile<Record<string, unknown>>(schema)
  const ids = Object.entries(schema.properties ?? {}).filter(([, { format }]) => format === 'uuid')
  return (data: unknown) => {
    if (!isValid(data)) return { error: invalid(isValid.errors ?? []) }
    for (const [name] of ids) {
      const id = data[name]
      // Any case is accepted; locks and label filters compare the text of the database.
      if (typeof id === 'string') data[name] = id.toLowerCase()
    }
    return { value: data }
  }
}

function hasFewerParts(data: unknown, limit: number) {
  const waiting = [data]
  for (let count = 0; count < limit; count++) {
    if (waiting.length === 0) return true
    const value = waiting.pop()
    if (typeof value === 'object' && value !== null) for (const name in value) waiting.push(Reflect.get(value, name))
  }
  return false
}

function createAjv(options: Options) {
  const ajv = new Ajv({
    verbose: true,
    removeAdditional: false,
    useDefaults: true,
    ...options,
  })
  addFormats.default(ajv, ['date-time'])
  return ajv.addFormat('uuid', /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i)
}

function invalid(errors: Parameters<typeof inputErrors>[0]) {
  const list = inputErrors(errors)
  const [first] = list
  const detail = first && `${first.path || 'The input'} ${first.message}`
  return new Problem('invalid-request', { ...(detail && { detail }), errors: list })
}
