export interface RToken {
  kind: 'name' | 'string' | 'other'
  /** Of strings and quoted names: without their quotes. */
  text: string
}

/**
 * Each alternative begins where the last one ended. A string without an end takes the rest, as it does for R: nothing is
 * looked at twice, so that the time grows with the length alone.
 */
const token = new RegExp(
  [
    '(?<comment>#[^\\n]*)',
    // r"(…)", R'---[…]---': ends at a bracket with the same dashes and quote.
    '[rR](?<quote>["\'])(?<dashes>-*)[([{](?<raw>.*?)(?:[)\\]}]\\k<dashes>\\k<quote>|$)',
    '"(?<double>(?:[^"\\\\]|\\\\.)*)(?:"|$)',
    "'(?<single>(?:[^'\\\\]|\\\\.)*)(?:'|$)",
    '`(?<quoted>(?:[^`\\\\]|\\\\.)*)(?:`|$)',
    '(?<name>(?:[A-Za-z]|\\.(?![0-9]))[A-Za-z0-9._]*)',
    '(?<number>\\.?[0-9][A-Za-z0-9.]*)',
    '(?<other>:::?|[^\\s])',
  ].join('|'),
  'gs',
)

/** Names, strings and signs of R code; comments are left out. Never fails: code that does not parse has tokens, too. */
export function rTokens(code: string): RToken[] {
  return [...code.matchAll(token)].flatMap(({ groups = {} }): RToken[] => {
    const { comment, raw, double, single, quoted, name, number, other } = groups
    if (comment !== undefined) return []
    const text = raw ?? double ?? single
    if (text !== undefined) return [{ kind: 'string', text }]
    const called = quoted ?? name
    return called === undefined ? [{ kind: 'other', text: number ?? other ?? '' }] : [{ kind: 'name', text: called }]
  })
}
