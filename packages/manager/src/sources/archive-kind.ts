import { type FileHandle, open } from 'node:fs/promises'
import { Problem } from '@rserve-proxy/contract/problems.ts'

export type ArchiveKind = 'zip' | 'tar' | 'tar.gz'

/** By content; the name and the type that the client sent say nothing. */
export async function archiveKind(file: string): Promise<ArchiveKind> {
  const handle = await open(file)
  try {
    const head = await read(handle, 0, 512)
    if (head.length === 0) throw new Problem('not-an-archive', { detail: 'The file is empty.' })
    const kind = kindOf(head)
    if (kind) return kind
    // Readers of zip begin at the end, so a program or page in front of one would pass as an archive.
    if (await endsAsZip(handle)) throw new Problem('not-an-archive', { detail: 'Something stands before the zip.' })
    throw new Problem('unsupported-media-type', { detail: 'Send a zip, tar or tar.gz file.' })
  } finally {
    await handle.close()
  }
}

function kindOf(head: Buffer): ArchiveKind | undefined {
  const start = head.toString('latin1')
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return 'zip'
  if (start.startsWith('\x1f\x8b')) return 'tar.gz'
  return start.slice(257, 262) === 'ustar' ? 'tar' : undefined
}

async function endsAsZip(handle: FileHandle): Promise<boolean> {
  const longestEnd = 22 + 0xffff
  const { size } = await handle.stat()
  const tail = await read(handle, Math.max(0, size - longestEnd), longestEnd)
  return tail.includes('PK\x05\x06', 0, 'latin1')
}

async function read(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}
