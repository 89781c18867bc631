type Write = (facts: object, message: string) => void

/** The part of the manager's logger that a spawner uses. */
export interface Log {
  error: Write
  warn: Write
  info: Write
  debug: Write
}
