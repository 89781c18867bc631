import { PackageRef } from '@rserve-proxy/contract/packages.ts'

/** Part of R itself, or of the base image. */
const notInstalled = new Set(
  'R Rserve base compiler datasets graphics grDevices grid methods parallel renv splines stats stats4 tcltk tools utils'.split(
    ' ',
  ),
)
const validName = /^[A-Za-z][A-Za-z0-9.]*[A-Za-z0-9]$/
const reference = new RegExp(PackageRef.pattern ?? '(?!)', 'u')

/** A package that a build installs; the name is one that R allows. */
export const isInstallable = (name: string) => validName.test(name) && !notInstalled.has(name)

/** Sorted, without what needs no install and what can be no package. */
export const installable = (names: string[]): string[] => [...new Set(names)].filter(isInstallable).sort()

/**
 * References of a `DESCRIPTION`: Depends, Imports and LinkingTo, with their lower bounds; a package that Remotes names
 * comes from there. Lines that begin with a space go on with the field before.
 */
export function referencesOfDescription(text: string): string[] {
  const unfolded = text.replace(/\r?\n[ \t]+/g, ' ')
  const remotes = fieldItems(unfolded, 'Remotes')
    .map((item) => item.replace(/^.*=/, ''))
    .filter((item) => item.includes('/') && reference.test(item))
  const named = new Set(remotes.map(nameOf))
  const plain = fieldItems(unfolded, 'Depends|Imports|LinkingTo').flatMap((item) => {
    const [, name = '', bound] = /^([\w.]+)\s*(?:\(\s*>=\s*([\d.-]+)\s*\))?/.exec(item) ?? []
    if (!isInstallable(name) || named.has(name)) return []
    return [bound ? `${name}@>=${bound}` : name]
  })
  return [...new Set([...plain, ...remotes])].sort()
}

function fieldItems(text: string, fields: string): string[] {
  const found = text.matchAll(new RegExp(`^(?:${fields}):(.*)$`, 'gm'))
  return [...found].flatMap(([, list = '']) => list.split(',').map((item) => item.trim()))
}

/** The package that a reference most likely means: a repository is called like its package. */
export function nameOf(reference: string): string {
  const [plain = ''] = reference.replace(/^[a-z]+::/, '').split(/[@#]/)
  return plain.split('/')[1] ?? plain
}
