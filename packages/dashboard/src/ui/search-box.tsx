import { type ReactNode, type RefObject, useRef, useState } from 'react'

interface SearchBoxProps {
  label: string
  /** What is searched for now, as the address says. */
  searched: string
  icon: ReactNode
  /** The key that leads here, shown where there is a keyboard. */
  shortcut?: string
  inputRef?: RefObject<HTMLInputElement | null>
  onSearch: (text: string) => void
}

const pauseMs = 200

/** Searches while somebody types, a moment after the last key. */
export function SearchBox({ label, searched, icon, shortcut, inputRef, onSearch }: SearchBoxProps) {
  const [text, setText] = useState(searched)
  const [sent, setSent] = useState(searched)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // Cleared by a link, or by going back.
  if (searched !== sent) {
    setSent(searched)
    setText(searched)
  }
  return (
    <search className="relative block min-w-32 flex-1 sm:max-w-70">
      <span className="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-ink-3">{icon}</span>
      <input
        ref={inputRef}
        type="search"
        aria-label={label}
        {...(shortcut && { 'aria-keyshortcuts': shortcut })}
        placeholder={label}
        value={text}
        className="h-8 w-full rounded-md border border-line-strong bg-surface pr-8 pl-9 placeholder:text-ink-3 max-sm:h-10"
        onChange={({ target: { value } }) => {
          setText(value)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => {
            setSent(value.trim())
            onSearch(value.trim())
          }, pauseMs)
        }}
      />
      {shortcut && (
        <kbd
          aria-hidden
          className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 rounded-sm border px-1.5 font-sans text-xs text-ink-3 pointer-coarse:hidden"
        >
          {shortcut}
        </kbd>
      )}
    </search>
  )
}
