const longestLine = 16 * 1024

export interface LineSplitter {
  write(chunk: Uint8Array): void
  /** What came without a line end is a line too. */
  end(): void
}

/** Bytes cut anywhere → whole lines: UTF-8 across chunks, of a progress line its last state, long lines cut. */
export function createLineSplitter(onLine: (line: string) => void, longest = longestLine): LineSplitter {
  const decoder = new TextDecoder()
  let pending = ''

  function take(text: string) {
    const lines = `${pending}${text}`.split('\n')
    pending = shortened(lines.pop() ?? '', longest)
    for (const line of lines) onLine(finished(line, longest))
  }

  return {
    write: (chunk) => take(decoder.decode(chunk, { stream: true })),
    end() {
      take(decoder.decode())
      if (pending !== '') onLine(finished(pending, longest))
      pending = ''
    },
  }
}

/** The last lines of what passes through. */
export function keepLastLines(count: number, onLine: (line: string) => void) {
  const lines: string[] = []
  return {
    lines,
    line(text: string) {
      lines.push(text)
      if (lines.length > count) lines.shift()
      onLine(text)
    },
  }
}

/** Keeps memory small while a line without an end arrives; a progress line needs only its last state. */
function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text
  return (text.endsWith('\r') ? text : text.slice(text.lastIndexOf('\r') + 1)).slice(0, longest + 1)
}

function finished(line: string, longest: number): string {
  const text = line.replace(/\r+$/, '')
  const last = text.slice(text.lastIndexOf('\r') + 1)
  return last.length > longest ? `${last.slice(0, longest)} …` : last
}
