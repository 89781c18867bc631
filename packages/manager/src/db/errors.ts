/** Drizzle wraps the driver's error; PGlite and postgres.js name the constraint differently. */
interface DriverError {
  code: string
  constraint: string | undefined
}

function driverError(error: unknown): DriverError | undefined {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error) || !('code' in cause) || typeof cause.code !== 'string') return undefined
  const name = 'constraint_name' in cause ? cause.constraint_name : 'constraint' in cause ? cause.constraint : undefined
  return { code: cause.code, constraint: typeof name === 'string' ? name : undefined }
}

/** Name of the violated unique constraint (SQLSTATE 23505), else undefined. */
export function violatedUnique(error: unknown): string | undefined {
  const found = driverError(error)
  return found?.code === '23505' ? (found.constraint ?? 'unknown') : undefined
}

/** A column that must hold something was given nothing (SQLSTATE 23502). */
export const violatesNotNull = (error: unknown) => driverError(error)?.code === '23502'
