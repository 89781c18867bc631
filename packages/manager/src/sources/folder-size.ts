import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const lookEveryMs = 1_000

/** Resolves with true once `dir` has grown beyond the limit, with false when the signal fires. */
export async function outgrows(dir: string, limitBytes: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if ((await folderSize(dir)) > limitBytes) return true
    await sleep(lookEveryMs, undefined, { signal }).catch(() => 'told to end')
  }
  return false
}

async function folderSize(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(
    // git renames its temporary files while we look.
    entries.map((entry) =>
      lstat(join(entry.parentPath, entry.name)).then(
        (facts) => facts.size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((total, size) => total + size, 0)
}
