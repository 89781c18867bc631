/** Exact code. `hash` = sha256 over sorted (path, mode, sha256 of content); the rest is a fact beside it. */
export interface Revision {
  hash: string
  label: string
  commit: string | null
  files: number
}
