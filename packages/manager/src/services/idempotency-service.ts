import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { IdempotencyRepository } from '../repositories/idempotency-keys.ts'

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

/** Longer than any request is held; whoever has not answered by then was killed. */
const RUN_SECONDS = 300

export function createIdempotencyService(keys: IdempotencyRepository): IdempotencyService {
  return {
    async begin(request) {
      await keys.purge(RUN_SECONDS)
      if (await keys.claim(request)) return { kind: 'run' }
      const first = await keys.find(request)
      if (first?.requestHash !== request.requestHash) throw new Problem('idempotency-key-reused')
      if (first.answer) return { kind: 'replay', answer: first.answer }
      throw new Problem('idempotency-key-reused', { detail: 'The first request with this key is still running' })
    },
    keep: (request, answer) => keys.setAnswer(request, answer),
    release: (request) => keys.remove(request),
  }
}
