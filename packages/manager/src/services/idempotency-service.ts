export interface StoredAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/** A POST that carries an Idempotency-Key. */
export interface KeyedRequest {
  userId: string
  key: string
  /** sha256 over method, path and body. */
  requestHash: string
}

export interface IdempotencyService {
  /**
   * 'run': nobody used this key, or who did never finished: answer it, then keep() or release().
   * 'replay': the same request was answered. Throws 'idempotency-key-reused' for another request, or while the first runs.
   */
  begin(request: KeyedRequest): Promise<{ kind: 'run' } | { kind: 'replay'; answer: StoredAnswer }>
  keep(request: KeyedRequest, answer: StoredAnswer): Promise<void>
  /** Nothing was done: the key may be used again. */
  release(request: KeyedRequest): Promise<void>
}
