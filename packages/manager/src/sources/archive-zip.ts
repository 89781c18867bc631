import { crc32 } from 'node:zlib'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl'
import type { ArchiveWriter } from './archive-writer.ts'
import { unsafe } from './entry-name.ts'

const fileTypeMask = 0o170000
const regular = 0o100000
const folder = 0o040000

export async function unpackZip(
  file: string,
  writer: ArchiveWriter,
  options: { entries: number; signal: AbortSignal },
): Promise<void> {
  // Names are decoded by us: yauzl would repair some of the unsafe ones.
  const zip = await openPromise(file, { lazyEntries: true, decodeStrings: false, autoClose: false })
  try {
    if (zip.entryCount > options.entries)
      throw new Problem('too-large', { detail: `The archive holds more than ${options.entries} files and folders.` })
    for await (const entry of zip.eachEntry()) {
      options.signal.throwIfAborted()
      await writeEntry(zip, entry, writer, options.signal)
    }
  } finally {
    zip.close()
  }
}

async function writeEntry(zip: ZipFile, entry: Entry, writer: ArchiveWriter, signal: AbortSignal) {
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true)
  const mode = unixMode(entry)
  refuseKind(entry, name, mode)
  if (name.endsWith('/')) return writer.directory(name)
  let checksum = 0
  async function* content() {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      signal.throwIfAborted()
      writer.count(chunk.length)
      checksum = crc32(chunk, checksum)
      yield chunk
    }
  }
  await writer.file(name, { executable: (mode & 0o111) !== 0, content: content() })
  if (checksum !== entry.crc32)
    throw new Problem('not-an-archive', { detail: `${JSON.stringify(name)} is damaged in the archive.` })
}

/** 0 where the archive was not made on Unix. */
function unixMode(entry: Entry): number {
  const madeOnUnix = entry.versionMadeBy >>> 8 === 3
  return madeOnUnix ? entry.externalFileAttributes >>> 16 : 0
}

function refuseKind(entry: Entry, name: string, mode: number) {
  if (entry.isEncrypted()) throw unsafe(name, 'is encrypted')
  const type = mode & fileTypeMask
  if (type !== 0 && type !== regular && type !== folder)
    throw unsafe(name, 'is a link or a device; only files and folders can be deployed')
}
