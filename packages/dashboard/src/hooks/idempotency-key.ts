export interface IdempotencyKey {
  key: string
  body: string
}

/** The same body keeps its key, so that a request whose answer was lost is not done twice. */
export function keyFor(body: unknown, before: IdempotencyKey | undefined): IdempotencyKey {
  const text = JSON.stringify(body)
  return before?.body === text ? before : { key: newKey(), body: text }
}

// crypto.randomUUID() exists on secure origins only; a development host may not be one.
const newKey = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-')
