import { createReadStream } from 'node:fs'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { type Extract, extract, type Header } from 'tar-stream'
import type { ArchiveWriter } from './archive-writer.ts'
import { unsafe } from './entry-name.ts'
import { tarSink } from './tar-sink.ts'

/** Reads a tar, or a tar.gz with all its gzip members, from front to end. */
export async function unpackTar(
  file: string,
  writer: ArchiveWriter,
  options: { gzip: boolean; signal: AbortSignal },
): Promise<void> {
  const entries = extract()
  const unzip = options.gzip ? createGunzip() : new PassThrough()
  async function* metered(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      writer.count(chunk.length)
      yield chunk
    }
  }
  const feeding = pipeline(createReadStream(file), unzip, metered, tarSink(entries), { signal: options.signal })
  const outcomes = await Promise.allSettled([feeding, writeEntries(entries, writer)])
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  // Whichever side failed first has torn down the other, whose own error says only that.
  if (errors.length > 0) throw errors.find((error) => error instanceof Problem) ?? errors[0]
}

async function writeEntries(entries: Extract, writer: ArchiveWriter) {
  for await (const entry of entries) {
    const { name, mode } = entry.header
    refuseKind(entry.header)
    if (entry.header.type === 'directory') {
      await writer.directory(name)
      entry.resume()
    } else {
      await writer.file(name, { executable: (mode & 0o111) !== 0, content: entry })
    }
  }
}

function refuseKind(header: Header) {
  // tar-stream answers null for what it does not know, GNU's sparse files for one. Those of PAX look like plain files.
  const kind: string | null = header.type
  if (kind === null || isSparse(header.pax))
    throw new Problem('too-large', { detail: `${JSON.stringify(header.name)} is a sparse file or of an unknown kind.` })
  if (kind !== 'file' && kind !== 'directory')
    throw unsafe(header.name, `is a ${kind}; only files and folders can be deployed`)
}

function isSparse(pax: unknown): boolean {
  return typeof pax === 'object' && pax !== null && Object.keys(pax).some((key) => key.startsWith('GNU.sparse'))
}
