import type { FailureCode } from '@rserve-proxy/contract/failures.ts'

/** The code could not be fetched; `message` is a sentence for the owner of the app. */
export class SourceFailed extends Error {
  override readonly name = 'SourceFailed'
  readonly code: FailureCode

  constructor(code: FailureCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.code = code
  }
}
