import { readdir } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { type Framework, frameworkOf, isForRserve } from '../domain/frameworks.ts'

const mostFiles = 200
const codeLength = 256 * 2 ** 10

/** A framework that is not supported, when the R code of a folder uses one and nothing of Rserve. */
export async function findFramework(
  dir: string,
  readText: (path: string) => Promise<string | undefined>,
): Promise<Framework | null> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const paths = files.map(({ parentPath, name }) => join(parentPath, name).slice(dir.length + 1))
  const scripts = paths.filter((path) => extname(path).toLowerCase() === '.r' && !/^(?:renv|packrat)\//.test(path))
  let found: Framework | undefined
  for (const path of scripts.sort().slice(0, mostFiles)) {
    const code = ((await readText(path)) ?? '').slice(0, codeLength)
    if (isForRserve(code)) return null
    found ??= frameworkOf(code)
  }
  return found ?? null
}
