import { readFile } from 'node:fs/promises'
import { entryOf } from './entry-of.ts'

const readableBytes = 4 * 2 ** 20

/** Undefined when it is no regular file, or too large to be what its name says. */
export async function readText(path: string): Promise<string | undefined> {
  const facts = await entryOf(path)
  if (!facts?.isFile() || facts.size > readableBytes) return undefined
  return readFile(path, 'utf8')
}
