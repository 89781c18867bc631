export type LogColor = 'red' | 'yellow' | 'green' | 'blue' | 'magenta' | 'cyan' | 'dim'

export interface LogSpan {
  text: string
  color?: LogColor
}

const colors: Partial<Record<number, LogColor>> = {
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  34: 'blue',
  35: 'magenta',
  36: 'cyan',
  90: 'dim',
  91: 'red',
  92: 'green',
  93: 'yellow',
  94: 'blue',
  95: 'magenta',
  96: 'cyan',
}

const escapeCode = '\u001b'
const colorCode = new RegExp(`${escapeCode}\\[([0-9;]*)m`)
const otherCodes = new RegExp(
  `${escapeCode}(\\[[0-9;?]*[A-Za-ln-z]|\\][^${escapeCode}\u0007]*(\u0007|${escapeCode}\\\\)?)`,
  'g',
)
const controls = /(?!\t)\p{Cc}/gu

/** One line as a terminal would leave it: the last `\r` wins, colours are kept, other codes are dropped. */
export function logSpans(line: string): LogSpan[] {
  const shown = line.replace(/\r+$/, '')
  const text = shown.slice(shown.lastIndexOf('\r') + 1).replace(otherCodes, '')
  const [first = '', ...rest] = text.split(colorCode)
  const spans: LogSpan[] = [span(first, wholeLineColor(first))]
  for (let index = 0; index < rest.length; index += 2) {
    const code =
      rest[index]
        ?.split(';')
        .map(Number)
        .findLast((number) => number in colors) ?? 0
    spans.push(span(rest[index + 1] ?? '', colors[code]))
  }
  return spans.filter((part) => part.text)
}

export const plainText = (line: string) =>
  logSpans(line)
    .map((part) => part.text)
    .join('')

function span(raw: string, color?: LogColor): LogSpan {
  const text = raw.replace(controls, '')
  return color ? { text, color } : { text }
}

/** R prints no colours, so its two words stand in. */
function wholeLineColor(text: string): LogColor | undefined {
  if (/^\s*(Error|ERROR|Execution halted)/.test(text)) return 'red'
  return /^\s*(Warning|WARNING)/.test(text) ? 'yellow' : undefined
}
