import { createWriteStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { redacted, secretForms } from '../domain/redaction.ts'

const MAX_BYTES = 20 * 2 ** 20
const MAX_LINE_BYTES = 16 * 2 ** 10
const CHUNK_BYTES = 256 * 2 ** 10
const POLL_MS = 150

export interface BuildLogWriter {
  line(text: string): void
  /** From now on these are written as `[secret]`: as they are, in base64, and encoded for an address. */
  hide(secrets: string[]): void
  bytes(): number
  /** The last lines, for a failure. */
  lastLines(): string[]
  close(): Promise<void>
}

/**
 * Appends to the file; a restarted build goes on in the same log. Of `\r` progress only the last state is kept. A log
 * that is full keeps its beginning and its end.
 */
export async function openBuildLog(path: string, { maxBytes = MAX_BYTES } = {}): Promise<BuildLogWriter> {
  let bytes = await sizeOf(path)
  let last: string[] = []
  let isBroken = false
  let isFull = bytes > maxBytes
  let leftOut = 0
  let hidden: string[] = []
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 })
  // A full disk ends the log, neither the build nor the process; the last lines stay in memory for the failure.
  stream.on('error', () => {
    isBroken = true
  })
  function write(text: string) {
    if (isBroken) return
    bytes += Buffer.byteLength(text) + 1
    stream.write(`${text}\n`)
  }
  /** How it ended is what people look for. */
  function writeEnd() {
    const kept = last.slice(-leftOut)
    if (leftOut === 0) return
    write(`${leftOut - kept.length} lines are left out here.`)
    for (const text of kept) write(text)
  }
  function line(text: string) {
    const settled = text.replace(/\r+$/, '')
    const shown = redacted(settled.slice(settled.lastIndexOf('\r') + 1), hidden)
      .slice(0, MAX_LINE_BYTES)
      .toWellFormed()
    last = [...last.slice(-199), shown]
    if (isFull) leftOut += 1
    else write(shown)
    if (isFull || bytes <= maxBytes) return
    isFull = true
    write('This log is full at 20 MB: only its last lines will follow.')
  }
  return {
    line,
    hide(secrets) {
      hidden = [...hidden, ...secrets.flatMap(secretForms)].sort((a, b) => b.length - a.length)
    },
    bytes: () => bytes,
    lastLines: () => last,
    async close() {
      writeEnd()
      stream.end()
      await finished(stream).catch((error: unknown) => {
        if (!isBroken) throw error
      })
    },
  }
}

export interface LogChunk {
  lines: string[]
  /** Byte offset after the last line: where a reader resumes. */
  offset: number
}

/** Whole lines from `from` on. Follows the file until `isComplete` says that nothing will be added. */
export async function* readBuildLog(
  path: string,
  from: number,
  isComplete: () => Promise<boolean>,
  signal: AbortSignal,
): AsyncGenerator<LogChunk> {
  let offset = from
  while (!signal.aborted) {
    // Asked before reading: lines that are written between the two are read in this pass.
    const complete = await isComplete()
    const chunk = await readLines(path, offset)
    if (chunk) {
      offset = chunk.offset
      yield chunk
    } else if (complete) {
      return
    } else {
      await sleep(POLL_MS, undefined, { signal })
    }
  }
}

/** Offset at which the last `lines` lines begin. */
export async function tailOffset(path: string, lines: number): Promise<number> {
  const starts = [0]
  for (let offset = 0, chunk = await readLines(path, 0); chunk; chunk = await readLines(path, offset)) {
    for (const line of chunk.lines) {
      offset += Buffer.byteLength(line) + 1
      starts.push(offset)
    }
  }
  return starts.at(-1 - lines) ?? 0
}

async function readLines(path: string, offset: number): Promise<LogChunk | undefined> {
  const size = await sizeOf(path)
  if (size <= offset) return undefined
  await using file = await open(path, 'r')
  const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(CHUNK_BYTES, size - offset)), {
    position: offset,
  })
  const end = buffer.subarray(0, bytesRead).lastIndexOf(10)
  if (end < 0) return undefined
  return { lines: buffer.subarray(0, end).toString('utf8').split('\n'), offset: offset + end + 1 }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw error
  }
}
