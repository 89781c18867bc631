import { constants } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type Pack, pack } from 'tar-stream'
import { dockerfiles } from './dockerfiles.ts'

/**
 * A build context with the code under `code/`, where a Dockerfile or .dockerignore of the user means nothing. Order,
 * owner, mode and time are fixed, so that the same code is the same layer.
 */
export function codeContext(codeDir: string, signal: AbortSignal): Readable {
  return Readable.from(contextOf(codeDir, signal), { objectMode: false })
}

/** A context that is only a Dockerfile and small files. */
export function fileContext(files: Record<string, string>): Readable {
  const packed = pack()
  for (const [name, content] of Object.entries(files)) packed.entry({ name, mode: 0o644, mtime: new Date(0) }, content)
  packed.finalize()
  return Readable.from(packed, { objectMode: false })
}

async function* contextOf(codeDir: string, signal: AbortSignal) {
  const packed = pack()
  const filling = fill(packed, codeDir, signal).catch((error) => packed.destroy(error))
  yield* packed
  await filling
}

async function fill(packed: Pack, codeDir: string, signal: AbortSignal) {
  packed.entry({ name: 'Dockerfile', mode: 0o644, mtime: new Date(0) }, dockerfiles.code)
  packed.entry({ name: 'code/', type: 'directory', mode: 0o755, mtime: new Date(0) })
  for (const path of await sortedPaths(codeDir)) {
    signal.throwIfAborted()
    await addEntry(packed, codeDir, path)
  }
  packed.finalize()
}

async function sortedPaths(codeDir: string): Promise<string[]> {
  const entries = await readdir(codeDir, { recursive: true, withFileTypes: true })
  return entries.map((entry) => join(entry.parentPath, entry.name).slice(codeDir.length + 1)).sort()
}

async function addEntry(packed: Pack, codeDir: string, path: string) {
  const header = { name: `code/${path}`, mtime: new Date(0), uid: 0, gid: 0 }
  const facts = await lstat(join(codeDir, path))
  if (facts.isDirectory()) return void packed.entry({ ...header, type: 'directory', mode: 0o755 })
  if (!facts.isFile()) throw new Error(`${path} is neither a file nor a folder`)
  const handle = await open(join(codeDir, path), constants.O_RDONLY | constants.O_NOFOLLOW)
  const { size, mode } = await handle.stat()
  await new Promise<void>((resolve, reject) => {
    const entry = packed.entry({ ...header, size, mode: mode & 0o111 ? 0o755 : 0o644 }, (error) =>
      error ? reject(error) : resolve(),
    )
    feed(handle.createReadStream({ end: Math.max(0, size - 1) }), entry).catch(reject)
  })
}

type TarEntry = ReturnType<Pack['entry']>

/** tar-stream is built on streamx, whose streams `pipeline` does not take. */
async function feed(chunks: AsyncIterable<unknown>, entry: TarEntry) {
  for await (const chunk of chunks) {
    if (!entry.write(chunk)) await drained(entry)
    if (entry.destroyed) return
  }
  entry.end(undefined)
}

function drained(entry: TarEntry): Promise<void> {
  return new Promise((resolve) => {
    entry.once('drain', resolve)
    entry.once('close', resolve)
  })
}
