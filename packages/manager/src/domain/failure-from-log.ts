import { type Failure, type FailureCode, failures } from '@rserve-proxy/contract/failures.ts'
import { PackageRef, SystemPackage } from '@rserve-proxy/contract/packages.ts'
import { systemPackageOf } from './system-libraries.ts'

export interface LogEnd {
  lines: string[]
  exitCode?: number
}

/** What a row makes of its match, with all lines at hand. */
interface Finding {
  detail: string
  fix?: Failure['fix']
}

type Row = [pattern: RegExp, code: FailureCode, say: (name: string, lines: string[]) => string | Finding]

/** R quotes with curly marks in a UTF-8 locale and with straight ones elsewhere. */
const quote = `[‘’'"“”\`]`
const quoted = `${quote}([^‘’'"“”\`]+)${quote}`

/**
 * The first row that matches any line wins: R goes on after its first problem, and what it says later follows from it.
 * When a package does not compile, for one, R calls it "not available" for every package that needs it.
 */
const rows: Row[] = [
  [
    /unable to access index for repository (\S+?):?$|the repository (\S+) cannot be read/,
    'repository-unreachable',
    (url) => `The package repository ${url} cannot be reached.`,
  ],
  [
    /^(?:.*\s)?(?:Err:\d+|E: Failed to fetch) (\S+)/,
    'repository-unreachable',
    (url) => `The system packages cannot be fetched from ${url}.`,
  ],
  [/E: Unable to locate package (\S+)/, 'package-not-found', (name) => `There is no system package ${name}.`],
  [
    /fatal error: (\S+): No such file|cannot find -l(\S+)|(\S+): cannot open shared object file/,
    'system-library-missing',
    missingLibraries,
  ],
  [
    /^\s*\* deb: ([^(]+)/,
    'system-library-missing',
    (names) => {
      const packages = names.split(/[\s,]+/).filter((name) => systemPackage.test(name))
      const which = packages.length === 1 ? 'The system package' : 'The system packages'
      const verb = packages.length === 1 ? 'is missing: add it' : 'are missing: add them'
      return { detail: `${which} ${packages.join(', ')} ${verb} to the app.`, ...fixOf('apt', packages) }
    },
  ],
  [
    new RegExp(`packages? ((?:${quoted}[, ]*)+)(?:is|are) not available for this version of R`),
    'package-not-found',
    (names) => `The repository has no ${unquoted(names)}.`,
  ],
  [
    /not in the repository \S+: (.+)|Can't find package called (\S+?)\.?$/,
    'package-not-found',
    (names) => `The repository has no ${unquoted(names)}.`,
  ],
  [/(package .+ needs pak, .+)/, 'package-not-found', (sentence) => `${capitalised(sentence)}.`],
  [/(package .+ has version .+ in the repository, not .+)/, 'package-not-found', (text) => `${capitalised(text)}.`],
  [
    new RegExp(`failed to retrieve package ${quoted}`),
    'package-download-failed',
    (name) => `${name} could not be downloaded.`,
  ],
  [/No space left on device/, 'disk-full', () => 'The disk is full.'],
  [
    /^Killed$|Killed signal terminated program (\S+)|cannot allocate vector of size (.+)|virtual memory exhausted/,
    'out-of-memory',
    () => 'It ran out of memory.',
  ],
  [
    new RegExp(`(?:compilation|configuration) failed for package ${quoted}`),
    'package-compile-failed',
    (name) => `${name} could not be compiled: the log above says why.`,
  ],
  [
    /dependenc(?:y|ies) (.+) (?:is|are) not available for package/,
    'package-not-found',
    (names) => `The repository has no ${unquoted(names)}.`,
  ],
  [
    new RegExp(`there is no package called ${quoted}`),
    'package-undeclared',
    (name) => ({
      detail: `The code uses ${name}, which is not installed: add it to the packages of the app.`,
      ...fixOf(
        'package',
        [name].filter((one) => packageRef.test(one)),
      ),
    }),
  ],
  [
    /entry script (\S+) (?:does not exist|is missing|is no regular file)/,
    'entry-not-regular',
    (name) => `The entry script ${name} is missing or is not a file.`,
  ],
  [/not installed as locked: (.+)/, 'package-compile-failed', (names) => `${names} could not be installed.`],
]

const killed = 137
const longestDetail = 500

/** Why a build step or a container that would not start ended, for people: the first real error. */
export function failureFromLog({ lines, exitCode }: LogEnd): { code: FailureCode } & Finding {
  for (const [pattern, code, say] of rows) {
    const found = lines.map((line) => pattern.exec(line)).find((match) => match !== null)
    if (!found) continue
    const said = say(found.slice(1).find((group) => group !== undefined) ?? '', lines)
    const { detail, ...more } = typeof said === 'string' ? { detail: said } : said
    return { code, detail: shortened(detail), ...more }
  }
  if (exitCode === killed) return { code: 'out-of-memory', detail: 'It was killed: most likely it ran out of memory.' }
  return { code: 'code-does-not-load', detail: shortened(firstError(lines) ?? lastWords(lines, exitCode)) }
}

/** Every one that verify.R names, each with its package; else the one that stopped a compiler or linker. */
function missingLibraries(first: string, lines: string[]): Finding {
  const atLoad = lines.flatMap((line) => {
    const [, file, needer] = /^(\S+): cannot open shared object file, needed by (\S+)$/.exec(line) ?? []
    return file && needer ? [{ file, needer }] : []
  })
  const file = first.replace(/:$/, '')
  const needer = lines.map((line) => failedPackage.exec(line)?.[1]).find((name) => name !== undefined)
  const missing = atLoad.length > 0 ? atLoad : [{ file, needer }]
  const debian = [...new Set(missing.flatMap((one) => systemPackageOf(one.file) ?? []))]
  const named = missing.map((one) => (one.needer ? `${one.file}, needed by ${one.needer}` : one.file)).join('; ')
  const which = debian.length > 0 ? `add ${debian.join(', ')} to the system packages of the app` : unknownLibrary
  return { detail: `A system library is missing: ${named}. To fix it, ${which}.`, ...fixOf('apt', debian) }
}

const failedPackage = new RegExp(`(?:compilation|configuration|lazy loading) failed for package ${quoted}`)
const unknownLibrary = 'add the system package that contains it to the app'
const systemPackage = new RegExp(SystemPackage.pattern ?? '(?!)', 'u')
const packageRef = new RegExp(PackageRef.pattern ?? '(?!)', 'u')

const fixOf = (kind: 'apt' | 'package', packages: string[]) => (packages.length > 0 ? { fix: { kind, packages } } : {})

/** `Error in f(x) : why`, which R breaks after the colon when it is long; `Error: why`. */
function firstError(lines: string[]): string | undefined {
  const start = lines.findIndex((line) => /^Error( in .*)?( ?:|$)/.test(line))
  if (start < 0) return undefined
  const [first = '', ...rest] = lines.slice(start)
  if (!/:\s*$/.test(first)) return first.trim()
  const end = rest.findIndex((line) => !/^\s+\S/.test(line))
  const message = rest.slice(0, end < 0 ? rest.length : end).map((line) => line.trim())
  return [first.trim(), ...message.slice(0, 3)].join(' ')
}

function lastWords(lines: string[], exitCode: number | undefined): string {
  const last = lines.findLast((line) => line.trim() !== '')?.trim()
  if (last) return last
  return exitCode === undefined ? failures['code-does-not-load'].advice : `It ended with exit code ${exitCode}.`
}

const unquoted = (names: string) => names.replace(/[‘’'"“”`]/g, '').trim()
const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const shortened = (text: string) => (text.length > longestDetail ? `${text.slice(0, longestDetail)}…` : text)
