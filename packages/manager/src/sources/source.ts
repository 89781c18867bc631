import type { Revision } from '../domain/revision.ts'

/** Code on disk: a folder of regular files, and which revision it is. */
export interface FetchedCode {
  dir: string
  revision: Revision
  sizeBytes: number
}
