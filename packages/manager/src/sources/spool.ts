import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { isDiskFull } from './disk-full.ts'

export interface Spooled {
  sizeBytes: number
  sha256: string
}

/** A stream → a new file of at most `limitBytes`; after a failure no file is left. */
export async function spool(
  from: Readable,
  file: string,
  options: { limitBytes: number; signal: AbortSignal },
): Promise<Spooled> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  async function* counted(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      sizeBytes += chunk.length
      if (sizeBytes > options.limitBytes) throw tooLarge(options.limitBytes)
      hash.update(chunk)
      yield chunk
    }
  }
  try {
    await pipeline(from, counted, createWriteStream(file, { flags: 'wx', mode: 0o600 }), { signal: options.signal })
  } catch (error) {
    await rm(file, { force: true })
    if (isDiskFull(error)) throw new Problem('disk-full', { cause: error })
    throw error
  }
  return { sizeBytes, sha256: hash.digest('hex') }
}

function tooLarge(limitBytes: number) {
  return new Problem('too-large', { detail: `The file is larger than ${Math.floor(limitBytes / 2 ** 20)} MiB.` })
}
