import type { ReactNode } from 'react'

export interface Command {
  id: string
  group: 'Apps' | 'This app' | 'Pages'
  label: string
  /** Also searched: an address. */
  hint?: string | undefined
  icon: ReactNode
  disabledReason?: string | undefined
  run: () => void
}

const mostShown = 50

/** Those that hold every word, the ones that begin with the first of them on top. */
export function matching(commands: Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = commands.filter(({ label, hint = '' }) => {
    const searched = `${label} ${hint}`.toLowerCase()
    return words.every((word) => searched.includes(word))
  })
  const rank = ({ label }: Command) => (words[0] && label.toLowerCase().startsWith(words[0]) ? 0 : 1)
  return found.toSorted((a, b) => groupOrder[a.group] - groupOrder[b.group] || rank(a) - rank(b)).slice(0, mostShown)
}

const groupOrder: Record<Command['group'], number> = { 'This app': 0, Apps: 1, Pages: 2 }
