import { constants } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { entrySegments, unsafe } from './entry-name.ts'

export interface UnpackLimits {
  totalBytes: number
  entries: number
  depth: number
  ratio: number
}

export interface ArchiveWriter {
  /** Counts bytes that came out of the archive; throws when there are too many. */
  count(bytes: number): void
  directory(name: string): Promise<void>
  file(name: string, options: { executable: boolean; content: AsyncIterable<unknown> }): Promise<void>
  readonly files: number
}

const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
/** The ratio of a tiny archive says nothing. */
const ratioFreeBytes = 10 * 2 ** 20

/** Writes entries below `root`, a fresh folder that nobody else writes to. */
export function createArchiveWriter(root: string, archiveBytes: number, limits: UnpackLimits): ArchiveWriter {
  const seen = new Map<string, 'file' | 'folder'>()
  let entries = 0
  let files = 0
  let producedBytes = 0

  function countEntry() {
    entries += 1
    if (entries > limits.entries) throw tooLarge(`more than ${limits.entries} files and folders`)
  }

  async function makeFolders(segments: string[], name: string) {
    for (let length = 1; length <= segments.length; length += 1) {
      const path = segments.slice(0, length).join('/')
      if (seen.get(path) === 'file') throw unsafe(name, 'uses a file as a folder')
      if (seen.has(path)) continue
      seen.set(path, 'folder')
      countEntry()
      await mkdir(join(root, path), { mode: 0o755 })
    }
  }

  return {
    get files() {
      return files
    },
    count(bytes) {
      producedBytes += bytes
      if (producedBytes > limits.totalBytes) throw tooLarge(`more than ${Math.floor(limits.totalBytes / 2 ** 20)} MiB`)
      if (producedBytes > ratioFreeBytes && producedBytes > limits.ratio * archiveBytes)
        throw tooLarge(`more than ${limits.ratio} times its own size`)
    },
    async directory(name) {
      countEntry()
      await makeFolders(entrySegments(name, limits.depth), name)
    },
    async file(name, { executable, content }) {
      countEntry()
      const segments = entrySegments(name, limits.depth)
      if (segments.length === 0) return void (await drain(content))
      await makeFolders(segments.slice(0, -1), name)
      const path = segments.join('/')
      if (seen.has(path)) throw unsafe(name, 'appears twice')
      seen.set(path, 'file')
      files += 1
      await writeNew(join(root, path), executable ? 0o755 : 0o644, content)
    },
  }
}

async function writeNew(path: string, mode: number, content: AsyncIterable<unknown>) {
  const handle = await open(path, flags, mode)
  // Not `content` itself: pipeline takes streams of streamx for its own and then waits for events they never send.
  await pipeline(Readable.from(content), handle.createWriteStream())
}

async function drain(content: AsyncIterable<unknown>) {
  for await (const _ of content);
}

function tooLarge(what: string) {
  return new Problem('too-large', { detail: `The archive unpacks to ${what}.` })
}
