/** Exact code. `hash` = sha256 over sorted (path, mode, sha256 of content); the rest is a fact beside it. */
export interface Revision {
  hash: string
  label: string
  commit: string | null
  files: number
}

/** For people: "7f3e2b1 on main, 214 files". */
export const revisionText = ({ label, files }: Revision) => `${label}, ${files === 1 ? '1 file' : `${files} files`}`
