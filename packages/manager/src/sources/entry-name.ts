import { Problem } from '@rserve-proxy/contract/problems.ts'

const metadata = new Set(['.git', '__MACOSX', '.DS_Store'])

/** The segments of a name inside an archive; an empty list = nothing to write. Anything ambiguous is refused. */
export function entrySegments(name: string, depth: number): string[] {
  const reason = refusal(name)
  if (reason) throw unsafe(name, reason)
  // `tar -C folder .` names everything `./…` and the folder itself `./`.
  const segments = name.replace(/^\.\//, '').replace(/\/$/, '').normalize('NFC').split('/')
  if (segments.length === 1 && (segments[0] === '' || segments[0] === '.')) return []
  if (segments.length > depth) throw unsafe(name, `is nested deeper than ${depth} folders`)
  for (const segment of segments) {
    const wrong = segmentRefusal(segment)
    if (wrong) throw unsafe(name, wrong)
  }
  return segments.some((segment) => metadata.has(segment)) ? [] : segments
}

export function unsafe(name: string, reason: string): Problem {
  const shown = name.length > 120 ? `${name.slice(0, 120)}…` : name
  return new Problem('unsafe-archive', { detail: `${JSON.stringify(shown)} ${reason}.` })
}

function refusal(name: string): string | undefined {
  if (name === '') return 'is an empty name'
  if (/\p{Cc}/u.test(name)) return 'contains a control character'
  if (name.includes('\\')) return 'contains a backslash'
  if (name.startsWith('/')) return 'is an absolute path'
  if (/^[A-Za-z]:/.test(name)) return 'begins with a drive letter'
  return undefined
}

function segmentRefusal(segment: string): string | undefined {
  if (segment === '..' || segment === '.') return 'leaves its folder or names it again'
  if (segment === '') return 'has an empty part'
  if (Buffer.byteLength(segment) > 255) return 'has a part longer than 255 bytes'
  return undefined
}
