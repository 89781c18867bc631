/** Part of R itself, or of the base image. */
const notInstalled = new Set(
  'R Rserve base compiler datasets graphics grDevices grid methods parallel splines stats stats4 tcltk tools utils'.split(
    ' ',
  ),
)
const validName = /^[A-Za-z][A-Za-z0-9.]*[A-Za-z0-9]$/

/** Whether a text is an `renv.lock`. */
export const isLock = (text: string) => typeof field(parseJson(text), 'Packages') === 'object'

/** Names in an `renv.lock`; none when it is not one. */
export function packagesOfLock(text: string): string[] {
  const packages = field(parseJson(text), 'Packages')
  return typeof packages === 'object' && packages !== null ? installable(Object.keys(packages)) : []
}

/** The exact R version of an `renv.lock`. */
export function exactRVersion(text: string): string | null {
  const version = field(field(parseJson(text), 'R'), 'Version')
  return typeof version === 'string' && /^\d+\.\d+\.\d+$/.test(version) ? version : null
}

/** Depends, Imports and LinkingTo of a `DESCRIPTION`: lines that begin with a space go on with the field before. */
export function packagesOfDescription(text: string): string[] {
  const unfolded = text.replace(/\r?\n[ \t]+/g, ' ')
  const fields = unfolded.matchAll(/^(?:Depends|Imports|LinkingTo):(.*)$/gm)
  const names = [...fields].flatMap(([, list = '']) => list.split(',').map((item) => item.replace(/\(.*/s, '').trim()))
  return installable(names)
}

/** Sorted, without what needs no install and what can be no package. */
export function installable(names: string[]): string[] {
  return [...new Set(names)].filter((name) => validName.test(name) && !notInstalled.has(name)).sort()
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
