import { Problem } from '@rserve-proxy/contract/problems.ts'

/** A cursor is the position of the last row seen, opaque to callers. */
export const encodeCursor = (position: (string | number)[]) =>
  Buffer.from(JSON.stringify(position)).toString('base64url')

/** `parts` values, or 'invalid-request' when somebody made the cursor up. */
export function decodeCursor(cursor: string, parts: number): string[] {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(position) && position.length === parts) return position.map(String)
  } catch (error) {
    throw badCursor(error)
  }
  throw badCursor()
}

/** A part of a cursor as a time. */
export function dateInCursor(text: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw badCursor()
  return date
}

const badCursor = (cause?: unknown) =>
  new Problem('invalid-request', { detail: 'The cursor is not one that a list gave out.', cause })
