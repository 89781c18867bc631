import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exactRVersion, isLock, packagesOfDescription, packagesOfLock } from '../domain/declared-packages.ts'
import { entryOf } from './entry-of.ts'
import { scanCode } from './scan-code.ts'

export interface CodeFacts {
  entryScriptFound: string | null
  packagesFound: string[]
  /** What tells of them: the first of these that is there and can be read. */
  packagesFrom: 'renv.lock' | 'DESCRIPTION' | 'code' | null
  rVersionFound: string | null
  modeFound: 'ocap' | 'http' | null
}

const usualEntries = ['app.R', 'run_rserve.R', 'main.R', 'server.R']
const readableBytes = 4 * 2 ** 20

/** What the code itself says about how to run it. Files are read as text; nothing is run. */
export async function inspectCode(dir: string, entryScript: string): Promise<CodeFacts> {
  const entryScriptFound = await findEntry(dir, entryScript)
  const entry = entryScriptFound ? await readText(join(dir, entryScriptFound)) : undefined
  const lock = await readText(join(dir, 'renv.lock'))
  const description = await readText(join(dir, 'DESCRIPTION'))
  return {
    entryScriptFound,
    ...(await findPackages(dir, lock, description)),
    rVersionFound: exactRVersion(lock ?? ''),
    modeFound: modeOf(entry ?? ''),
  }
}

async function findPackages(dir: string, lock: string | undefined, description: string | undefined) {
  if (lock && isLock(lock)) return { packagesFound: packagesOfLock(lock), packagesFrom: 'renv.lock' as const }
  if (description) return { packagesFound: packagesOfDescription(description), packagesFrom: 'DESCRIPTION' as const }
  const packagesFound = await scanCode(dir, (path) => readText(join(dir, path)))
  return { packagesFound, packagesFrom: packagesFound.length > 0 ? ('code' as const) : null }
}

async function findEntry(dir: string, wanted: string): Promise<string | null> {
  const entries = await readdir(dir, { withFileTypes: true })
  const scripts = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.R')).map((entry) => entry.name)
  const usual = [wanted, ...usualEntries].find((name) => scripts.includes(name))
  return usual ?? (scripts.length === 1 ? (scripts[0] ?? null) : null)
}

/** Undefined when it is no regular file, or too large to be what its name says. */
async function readText(path: string): Promise<string | undefined> {
  const facts = await entryOf(path)
  if (!facts?.isFile() || facts.size > readableBytes) return undefined
  return readFile(path, 'utf8')
}

function modeOf(entry: string): CodeFacts['modeFound'] {
  const code = entry.replace(/^\s*#.*$/gm, '')
  if (/\boc\.init\b/.test(code)) return 'ocap'
  return code.includes('.http.request') ? 'http' : null
}
