import { SystemPackage } from '@rserve-proxy/contract/packages.ts'

const name = new RegExp(SystemPackage.pattern ?? '(?!)', 'u')

/** Of an `apt.txt`: a name on each line, `#` begins a comment. `wrong` is the first line that is neither. */
export function systemPackagesOf(text: string): { names: string[]; wrong?: { line: number; text: string } } {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, '').trim())
  const wrong = lines.findIndex((line) => line !== '' && !(name.test(line) && line.length <= 100))
  if (wrong >= 0) return { names: [], wrong: { line: wrong + 1, text: (lines[wrong] ?? '').slice(0, 100) } }
  return { names: lines.filter((line) => line !== '') }
}
