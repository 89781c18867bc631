import { Problem } from '@rserve-proxy/contract/problems.ts'
import { Ajv, type Options } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import { inputErrors } from './input-errors.ts'

const body = createAjv({ coerceTypes: false })
const strings = createAjv({ coerceTypes: true })

/** Bodies mean what they say; query and path hold only text, so scalars are read from it. */
export const validatorCompiler: FastifySchemaCompiler<{ properties?: Record<string, { format?: string }> }> = ({
  schema,
  httpPart,
}) => {
  const validate = (httpPart === 'body' ? body : strings).compile<Record<string, unknown>>(schema)
  const ids = Object.entries(schema.properties ?? {}).filter(([, { format }]) => format === 'uuid')
  return (data: unknown) => {
    if (!validate(data)) return { error: invalid(validate.errors ?? []) }
    for (const [name] of ids) {
      const id = data[name]
      // Any case is accepted; locks and label filters compare the text of the database.
      if (typeof id === 'string') data[name] = id.toLowerCase()
    }
    return { value: data }
  }
}

function createAjv(options: Options) {
  const ajv = new Ajv({
    // A form shows every mistake at once; bodies of at most 1 MiB bound the work.
    allErrors: true,
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
