import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { listCode, sha256File } from './code-tree.ts'

export interface TreeFacts {
  hash: string
  files: number
  sizeBytes: number
}

/** sha256 over sorted (path, mode, sha256 of content): the same code is the same revision, wherever it came from. */
export async function hashTree(dir: string, signal: AbortSignal): Promise<TreeFacts> {
  const hash = createHash('sha256')
  const files = await listCode(dir)
  let sizeBytes = 0
  for (const file of files) {
    signal.throwIfAborted()
    hash.update(`${file.path}\0${file.mode}\0${await sha256File(join(dir, file.path))}\n`)
    sizeBytes += file.sizeBytes
  }
  return { hash: hash.digest('hex'), files: files.length, sizeBytes }
}
