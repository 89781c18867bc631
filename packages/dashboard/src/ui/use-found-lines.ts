import { useEffect, useState } from 'react'
import type { LogLine } from './log-lines.tsx'
import { plainText } from './log-text.ts'

export interface LogQuery {
  find: string
  /** Empty: all. */
  replica: string
}

interface Found {
  query: LogQuery
  lines: LogLine[]
  /** Number of the last line that was looked at. */
  seen: number
}

/** As many as a task may look at before the page gets its turn. */
const atOnce = 10_000

/** The lines that a query leaves, found a part at a time; undefined when it leaves all. */
export function useFoundLines(lines: LogLine[], count: number, query: LogQuery) {
  const [found, setFound] = useState<Found>({ query, lines: [], seen: 0 })
  const isAll = query.find === '' && query.replica === ''

  useEffect(() => {
    if (isAll) return
    const before = found.query === query ? found : { query, lines: [], seen: 0 }
    const from = before.seen === 0 ? 0 : Math.max(0, before.seen + 1 - (lines[0]?.number ?? 1))
    const next = lines.slice(from, Math.min(from + atOnce, count))
    const last = next.at(-1)
    if (!last) {
      if (before !== found) setFound(before)
      return
    }
    const timer = setTimeout(() => {
      setFound({ query, lines: [...before.lines, ...next.filter((line) => fits(line, query))], seen: last.number })
    })
    return () => clearTimeout(timer)
  }, [lines, count, query, found, isAll])

  if (isAll) return undefined
  const isDone = found.query === query && found.seen === lines[count - 1]?.number
  return { lines: found.query === query ? found.lines : [], isDone }
}

function fits({ text, replica: from }: LogLine, { find, replica }: LogQuery) {
  if (replica !== '' && from !== replica) return false
  return find === '' || shownText(text).toLowerCase().includes(find.toLowerCase())
}

// Few lines hold codes, and taking them out is slow.
const shownText = (text: string) => (text.includes('\u001b') || text.includes('\r') ? plainText(text) : text)
