import { SourceFailed } from './source-failed.ts'

export interface TreeLimits {
  totalBytes: number
  entries: number
  depth: number
}

export interface TreeContents {
  links: string[]
  submodules: string[]
}

/** Judges `git ls-tree -r -l -z` before anything is written: a small pack can unpack to more than the disk holds. */
export function judgeTree(listing: string, limits: TreeLimits): TreeContents {
  const contents: TreeContents = { links: [], submodules: [] }
  const entries = listing.split('\0').filter((line) => line !== '')
  if (entries.length > limits.entries) throw unsafe(`more than ${limits.entries} files`)
  let totalBytes = 0
  for (const entry of entries) {
    const [, mode = '', size = '', path = ''] = /^(\d+) \w+ [0-9a-f]+ +(\d+|-)\t(.*)$/s.exec(entry) ?? []
    totalBytes += size === '-' ? 0 : Number(size)
    if (path.split('/').length > limits.depth) throw unsafe(`folders nested deeper than ${limits.depth}`)
    if (mode === '120000') contents.links.push(path)
    if (mode === '160000') contents.submodules.push(path)
  }
  if (totalBytes > limits.totalBytes) throw unsafe(`more than ${Math.floor(limits.totalBytes / 2 ** 20)} MiB`)
  return contents
}

function unsafe(what: string) {
  return new SourceFailed('source-unsafe', `The repository holds ${what}.`)
}
