import { type FailureCode, failures } from '@rserve-proxy/contract/failures.ts'

export interface LogEnd {
  lines: string[]
  exitCode?: number
}

type Row = [pattern: RegExp, code: FailureCode, say: (name: string) => string]

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
    (name) => `${name} is missing: add the system package that contains it.`,
  ],
  [
    /^\s*\* deb: (\S+)/,
    'system-library-missing',
    (name) => `The system package ${name} is missing: add it to the app.`,
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
    (name) => `The code uses ${name}, which is not installed: add it to the packages of the app.`,
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
export function failureFromLog({ lines, exitCode }: LogEnd): { code: FailureCode; detail: string } {
  for (const [pattern, code, say] of rows) {
    const found = lines.map((line) => pattern.exec(line)).find((match) => match !== null)
    if (found) return { code, detail: shortened(say(found.slice(1).find((group) => group !== undefined) ?? '')) }
  }
  if (exitCode === killed) return { code: 'out-of-memory', detail: 'It was killed: most likely it ran out of memory.' }
  return { code: 'code-does-not-load', detail: shortened(firstError(lines) ?? lastWords(lines, exitCode)) }
}

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
