import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { archiveKind } from './archive-kind.ts'
import { unpackTar } from './archive-tar.ts'
import { type ArchiveWriter, createArchiveWriter, type UnpackLimits } from './archive-writer.ts'
import { unpackZip } from './archive-zip.ts'
import { isDiskFull } from './disk-full.ts'

/**
 * Unpacks a spooled file into `dir`, which must not exist; the parent must. It appears whole, by a rename, or not at all.
 * One common root folder is stripped.
 */
export async function unpackArchive(
  file: string,
  dir: string,
  options: { limits: UnpackLimits; signal: AbortSignal },
): Promise<void> {
  const staging = `${dir}.unpacking`
  await mkdir(staging, { mode: 0o755 })
  try {
    const { size } = await stat(file)
    const writer = createArchiveWriter(staging, size, options.limits)
    await unpack(file, writer, options)
    if (writer.files === 0) throw new Problem('not-an-archive', { detail: 'The archive holds no files.' })
    await rename(await codeRoot(staging), dir)
  } catch (error) {
    options.signal.throwIfAborted()
    throw toProblem(error)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

async function unpack(file: string, writer: ArchiveWriter, options: { limits: UnpackLimits; signal: AbortSignal }) {
  const kind = await archiveKind(file)
  if (kind === 'zip') return unpackZip(file, writer, { entries: options.limits.entries, signal: options.signal })
  return unpackTar(file, writer, { gzip: kind === 'tar.gz', signal: options.signal })
}

async function codeRoot(dir: string): Promise<string> {
  const [first, second] = await readdir(dir, { withFileTypes: true })
  return first?.isDirectory() && !second ? join(dir, first.name) : dir
}

function toProblem(error: unknown): unknown {
  if (error instanceof Problem || !(error instanceof Error)) return error
  if (isDiskFull(error)) return new Problem('disk-full', { cause: error })
  if (error.message === 'Header exceeds max size' || error.message.startsWith('too many bytes in the stream'))
    return new Problem('too-large', { detail: `The archive lies about its size: ${error.message}.`, cause: error })
  // What the operating system says is ours; everything else was said by a reader of the archive.
  if ('syscall' in error) return error
  return new Problem('not-an-archive', { detail: `The archive cannot be read: ${error.message}.`, cause: error })
}
