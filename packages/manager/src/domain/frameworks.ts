import { rTokens } from './r-tokens.ts'

/** Frameworks with a server of their own, which cannot run behind Rserve. */
export type Framework = 'Shiny' | 'plumber'

const calls: [Framework, RegExp][] = [
  ['Shiny', /^(?:shinyApp|shinyUI|shinyServer|runApp|shinyAppDir)$/],
  ['plumber', /^(?:plumb|pr_run|plumber)$/],
]
/** Annotations are comments: `#* @get /echo`. */
const annotation = /^\s*#[*']\s*@(?:get|post|put|delete|filter|apiTitle)\b/m
const rserve = /\boc\.init\b|\.http\.request\b|\bRserve\b|\bocap\b/

/** Code that serves by Rserve, in whatever file. */
export const isForRserve = (code: string) => rserve.test(code.replace(/^\s*#.*$/gm, ''))

/** By the functions that it calls, `plumber::pr()` among them. */
export function frameworkOf(code: string): Framework | undefined {
  if (annotation.test(code)) return 'plumber'
  const tokens = rTokens(code)
  const named = tokens.flatMap(({ kind, text }, index) => {
    const next = tokens[index + 1]?.text
    if (kind !== 'name') return []
    if (next === '(' || next?.startsWith('::')) return calls.find(([, name]) => name.test(text))?.[0] ?? []
    return []
  })
  return named[0]
}
