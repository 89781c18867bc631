import { installable } from './declared-packages.ts'
import { type RToken, rTokens } from './r-tokens.ts'

/** What takes the name of a package as it stands, and what takes only a string. */
const attaching = new Set(['library', 'require'])
const loading = new Set(['requireNamespace', 'loadNamespace', 'attachNamespace'])

/**
 * Packages that R code names: `library(x)`, `require("x")`, `requireNamespace("x")`, `loadNamespace("x")`, `x::f`. What
 * it computes is not found, which is why a build loads every package it installed, and the code.
 */
export function packagesOfCode(code: string): string[] {
  const tokens = rTokens(code)
  return installable(tokens.flatMap((token, index) => [...qualifier(tokens, token, index), ...attached(tokens, index)]))
}

/** Of R Markdown and Quarto: chunks of R that are run, and R within lines. */
export function packagesOfDocument(text: string): string[] {
  const code: string[] = []
  let chunk: { fence: string; lines: string[] | undefined } | undefined
  for (const line of text.split(/\r?\n/)) {
    const [, fence, language, options = ''] = /^\s*(`{3,}|~{3,})\s*(?:\{\s*(\w+)([^}]*)\})?/.exec(line) ?? []
    if (chunk && fence !== chunk.fence) chunk.lines?.push(line)
    else if (chunk) {
      if (!chunk.lines?.some((one) => notRun.test(one))) code.push(...(chunk.lines ?? []))
      chunk = undefined
    } else if (fence) chunk = { fence, lines: isRun(language, options) ? [] : undefined }
    else code.push(...[...line.matchAll(/`[rR][ \t]+([^`]+)`/g)].map(([, inline = '']) => inline))
  }
  return packagesOfCode(code.join('\n'))
}

const isRun = (language: string | undefined, options: string) =>
  language?.toLowerCase() === 'r' && !/\beval\s*=\s*F(?:ALSE)?\b/.test(options)
const notRun = /^\s*#\|\s*eval:\s*(?:false|no|off)\b/i

function qualifier(tokens: RToken[], { kind, text }: RToken, index: number): string[] {
  const next = tokens[index + 1]
  return kind !== 'other' && next?.kind === 'other' && next.text.startsWith('::') ? [text] : []
}

function attached(tokens: RToken[], index: number): string[] {
  const callee = tokens[index]
  const before = tokens[index - 1]
  if (callee?.kind !== 'name' || !isSign(tokens[index + 1], '(')) return []
  // A method of that name is something else.
  if (isSign(before, '$') || isSign(before, '@')) return []
  if (!attaching.has(callee.text) && !loading.has(callee.text)) return []
  const found = packageArgument(argumentsAt(tokens, index + 2))
  if (!found) return []
  const takesNames = attaching.has(callee.text)
  return found.value.kind === 'string' || (takesNames && !found.isComputed) ? [found.value.text] : []
}

/** The one called `package`, else the first without a name; undefined when it is no single word. */
function packageArgument(given: RToken[][]): { value: RToken; isComputed: boolean } | undefined {
  const named = given.filter(([, sign]) => isSign(sign, '='))
  const value = named.find(([name]) => name?.text === 'package')?.slice(2) ?? given.find((one) => !named.includes(one))
  const isComputed = named.some(([name, , value]) => name?.text === 'character.only' && value?.text !== 'FALSE')
  const [only, ...more] = value ?? []
  return only && only.kind !== 'other' && more.length === 0 ? { value: only, isComputed } : undefined
}

/** Tokens of each argument of a call whose parenthesis has just opened. */
function argumentsAt(tokens: RToken[], from: number): RToken[][] {
  const given: RToken[][] = [[]]
  let depth = 1
  for (const token of tokens.slice(from, from + 200)) {
    if (token.kind === 'other' && '([{'.includes(token.text)) depth += 1
    if (token.kind === 'other' && ')]}'.includes(token.text)) depth -= 1
    if (depth === 0) return given
    if (depth === 1 && isSign(token, ',')) given.push([])
    else given.at(-1)?.push(token)
  }
  return given
}

const isSign = (token: RToken | undefined, sign: string) => token?.kind === 'other' && token.text === sign
