import { type Static, type TSchema, Type } from '@sinclair/typebox'

export const Uuid = Type.String({ format: 'uuid' })
export const Timestamp = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' })
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** A closed set of words; a plain string enum keeps OpenAPI and error messages short. */
export const words = <const T extends readonly string[]>(...values: T) =>
  Type.Unsafe<T[number]>(Type.String({ enum: [...values] }))

export const PageQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
    // Holds the longest name that a list is sorted by: 128 characters of 4 bytes in base64.
    cursor: Type.Optional(Type.String({ maxLength: 1000, pattern: '^[A-Za-z0-9_-]+$' })),
  },
  { additionalProperties: false },
)
export type PageQuery = Static<typeof PageQuery>

export const Page = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Nullable(Type.String()) })
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

export const NoContent = Type.Null({ description: 'Nothing' })

/** A copy without names, for what an answer holds twice: a serialiser takes each name once. */
export const unnamed = <T extends TSchema>(schema: T) => Type.Unsafe<Static<T>>(Object(withoutIds(schema)))

function withoutIds(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withoutIds)
  if (typeof part !== 'object' || part === null) return part
  const kept = Object.entries(part).filter(([name]) => name !== '$id')
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutIds(inner)]))
}
