import { extname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { packagesOfCode, packagesOfDocument } from '../domain/scan-packages.ts'
import { listCode } from './code-tree.ts'

/** Reads a file as text; undefined when it is none, or too large. */
type ReadText = (path: string) => Promise<string | undefined>

/** Larger ones hold data; and one is read without a pause. */
const codeBytes = 256 * 2 ** 10
const maxFiles = 2_000
/** Libraries that somebody keeps beside the code, what only tests need, and what git keeps. */
const notOurs = /^(?:renv|packrat|tests|\.[^/]*)\//

/** Packages that the R code of a folder names, with its R Markdown and Quarto documents. */
export async function scanCode(dir: string, readText: ReadText): Promise<string[]> {
  const files = (await listCode(dir)).filter(({ path, sizeBytes }) => sizeBytes <= codeBytes && !notOurs.test(path))
  const found = new Set<string>()
  for (const { path } of files.filter(({ path }) => scannerOf(path)).slice(0, maxFiles)) {
    const text = await readText(path)
    for (const name of (text && scannerOf(path)?.(text)) || []) found.add(name)
    // Requests are answered between two files.
    await setImmediate()
  }
  return [...found].sort()
}

function scannerOf(path: string): ((text: string) => string[]) | undefined {
  const extension = extname(path).toLowerCase()
  if (extension === '.r') return packagesOfCode
  return extension === '.rmd' || extension === '.qmd' ? packagesOfDocument : undefined
}
