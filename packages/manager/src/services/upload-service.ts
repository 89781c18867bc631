import type { Readable } from 'node:stream'
import type { CodeFacts, Upload } from '@rserve-proxy/contract/uploads.ts'
import type { Principal } from './principal.ts'

export interface UploadService {
  /** Refuses before a byte is read: not visible, or an app whose code comes from git. */
  check(principal: Principal, appId: string): Promise<void>
  /** Spools, unpacks, keeps. On any failure nothing is left on disk. */
  receive(
    principal: Principal,
    appId: string,
    file: { stream: Readable; name: string },
    signal: AbortSignal,
  ): Promise<Upload>
  /** Spools, unpacks, looks, forgets; the entry script is looked for under its usual name. */
  inspect(stream: Readable, signal: AbortSignal): Promise<CodeFacts>
}
