import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export interface CodeFile {
  /** Relative, with `/`. */
  path: string
  mode: '100644' | '100755'
  sizeBytes: number
}

/** Every regular file below `dir`, in the order of their bytes. Throws at anything that is no file or folder. */
export async function listCode(dir: string): Promise<CodeFile[]> {
  const files: CodeFile[] = []
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const absolute = join(entry.parentPath, entry.name)
    if (entry.isDirectory()) continue
    if (!entry.isFile()) throw new Error(`${absolute.slice(dir.length + 1)} is neither a file nor a folder`)
    const { mode, size } = await lstat(absolute)
    files.push({ path: absolute.slice(dir.length + 1), mode: mode & 0o111 ? '100755' : '100644', sizeBytes: size })
  }
  return files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)))
}

export async function sha256File(path: string): Promise<string> {
  const hash = createHash('sha256')
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  for await (const chunk of handle.createReadStream()) hash.update(chunk)
  return hash.digest('hex')
}
