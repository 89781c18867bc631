type Json = unknown

/** A schema with `$id` stands once in the document, under its name; everywhere else is a reference to it. */
export function createNamedSchemas() {
  const components: Record<string, Json> = {}

  function refer(schema: Json): Json {
    if (Array.isArray(schema)) return schema.map(refer)
    if (typeof schema !== 'object' || schema === null) return schema
    const { $id, ...rest } = Object.assign({ $id: undefined }, schema)
    const content = Object.fromEntries(Object.entries(rest).map(([name, inner]) => [name, refer(inner)]))
    if (typeof $id !== 'string') return content
    components[$id] = content
    return { $ref: `#/components/schemas/${$id}` }
  }

  return { components, refer }
}
