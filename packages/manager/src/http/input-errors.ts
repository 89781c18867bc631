import type { ErrorObject } from 'ajv'

export interface InputError {
  /** Dotted: `codeSource.repoUrl`, `packages.3`. */
  path: string
  message: string
}

const MAX_ERRORS = 20

/** What Ajv found, as sentences for people, each with the field that it belongs to. */
export function inputErrors(errors: ErrorObject[]): InputError[] {
  const list = withoutOtherVariants(errors).map((error) => ({ path: pathOf(error), message: messageOf(error) }))
  const unique = new Map(list.map((error) => [`${error.path} ${error.message}`, error]))
  return [...unique.values()].slice(0, MAX_ERRORS)
}

/** Of a union only the variant that was meant (its `type` fits) explains anything. */
function withoutOtherVariants(errors: ErrorObject[]) {
  const mistaken = errors.filter(({ keyword }) => keyword === 'const').map(({ schemaPath }) => variantOf(schemaPath))
  const relevant = errors.filter(
    ({ keyword, schemaPath }) => keyword !== 'anyOf' && !mistaken.includes(variantOf(schemaPath)),
  )
  return relevant.length > 0 ? relevant : errors.filter(({ keyword }) => keyword === 'const')
}

const variantOf = (schemaPath: string) => /^.*?\/anyOf\/\d+\//.exec(schemaPath)?.[0] ?? schemaPath

function pathOf({ keyword, instancePath, params }: ErrorObject) {
  const property = keyword === 'required' ? params.missingProperty : params.additionalProperty
  const path = instancePath.split('/').slice(1)
  return [...path, ...(property === undefined ? [] : [String(property).slice(0, 100)])].join('.')
}

const formats: Record<string, string> = { uuid: 'must be a UUID', 'date-time': 'must be an ISO 8601 time' }

function messageOf({ keyword, params, parentSchema, message = 'is not valid' }: ErrorObject) {
  switch (keyword) {
    case 'required':
      return 'is missing'
    case 'additionalProperties':
      return 'is not a known field'
    case 'pattern':
      return parentSchema?.description ? `must be: ${parentSchema.description}` : 'does not have the right form'
    case 'format':
      return formats[params.format] ?? message
    case 'enum':
      return `must be one of: ${params.allowedValues.join(', ')}`
    case 'minProperties':
      return 'must hold at least one field'
    case 'const':
      return `must be ${params.allowedValue}`
    default:
      return message
  }
}
