import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { PackagesFrom } from '@rserve-proxy/contract/packages.ts'
import { findFramework } from './find-framework.ts'
import { findPackages, namesOf } from './find-packages.ts'
import { readText } from './read-text.ts'

export interface CodeFacts {
  entryScriptFound: string | null
  packagesFound: string[]
  /** What tells of them: the first of these that is there and can be read. */
  packagesFrom: PackagesFrom | null
  rVersionFound: string | null
  modeFound: 'ocap' | 'http' | null
  /** A framework that is not supported. */
  unsupportedFound: string | null
}

const usualEntries = ['app.R', 'run_rserve.R', 'main.R', 'server.R']

/** What the code itself says about how to run it. Files are read as text; nothing is run. */
export async function inspectCode(dir: string, entryScript: string): Promise<CodeFacts> {
  const entryScriptFound = await findEntry(dir, entryScript)
  const entry = entryScriptFound ? await readText(join(dir, entryScriptFound)) : undefined
  const packages = await findPackages(dir, (path) => readText(join(dir, path)))
  return {
    entryScriptFound,
    packagesFound: namesOf(packages),
    packagesFrom: packages.from,
    rVersionFound: packages.rVersion,
    modeFound: modeOf(entry ?? ''),
    unsupportedFound: await findFramework(dir, (path) => readText(join(dir, path))),
  }
}

async function findEntry(dir: string, wanted: string): Promise<string | null> {
  const entries = await readdir(dir, { withFileTypes: true })
  const scripts = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.R')).map((entry) => entry.name)
  const usual = [wanted, ...usualEntries].find((name) => scripts.includes(name))
  return usual ?? (scripts.length === 1 ? (scripts[0] ?? null) : null)
}

function modeOf(entry: string): CodeFacts['modeFound'] {
  const code = entry.replace(/^\s*#.*$/gm, '')
  if (/\boc\.init\b/.test(code)) return 'ocap'
  return code.includes('.http.request') ? 'http' : null
}
