import type { Stats } from 'node:fs'
import { lstat } from 'node:fs/promises'

/** What lies at a path, links not followed; undefined when nothing does. A disk that fails is no missing file. */
export async function entryOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined
    throw error
  }
}
