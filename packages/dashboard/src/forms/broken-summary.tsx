import { ErrorSummary } from '../ui/error-summary.tsx'
import type { FieldErrors } from './rules.ts'

/** The control of a field, so that the summary can lead to it. */
export const fieldId = (field: string) => `field-${field.replace(/\W/g, '-')}`

/** Fields that broke a rule before anything was sent. */
export function BrokenSummary({ errors }: { errors: FieldErrors }) {
  const fields = Object.entries(errors).flatMap(([field, message]) =>
    message ? [{ id: fieldId(field), message }] : [],
  )
  return fields.length > 0 ? <ErrorSummary title="Some fields need a change" fields={fields} /> : null
}
