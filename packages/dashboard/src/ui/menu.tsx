import { type KeyboardEvent, type ReactNode, type ToggleEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import { MenuEntry, type MenuItem } from './menu-entry.tsx'
import { place } from './place.ts'

interface TriggerProps {
  popoverTarget: string
  'aria-haspopup': 'menu'
  'aria-expanded': boolean
}

interface MenuProps {
  label: string
  /** Danger last. */
  items: MenuItem[]
  align?: 'start' | 'end'
  trigger: (props: TriggerProps) => ReactNode
}

export function Menu({ label, items, align = 'end', trigger }: MenuProps) {
  const id = useId()
  const menu = useRef<HTMLDivElement>(null)
  // Counted, because a menu that is closed and opened again at once is told to have been opened only.
  const [opening, setOpening] = useState(0)
  const isOpen = opening > 0

  // The entries exist only while it is open, so that a long list of rows stays light.
  useLayoutEffect(() => {
    const anchor = document.querySelector(`[popovertarget="${id}"]`)
    if (opening === 0 || !menu.current || !anchor) return
    place(menu.current, anchor, align)
    entriesOf(menu.current)[0]?.focus()
  }, [opening, id, align])

  return (
    <>
      {trigger({ popoverTarget: id, 'aria-haspopup': 'menu', 'aria-expanded': isOpen })}
      <div
        ref={menu}
        id={id}
        role="menu"
        tabIndex={-1}
        aria-label={label}
        popover="auto"
        className="fixed m-0 min-w-45 rounded-lg border bg-raised p-1 text-ink shadow-raised"
        onToggle={(event: ToggleEvent) => setOpening((before) => (event.newState === 'open' ? before + 1 : 0))}
        onKeyDown={moveFocus}
      >
        {isOpen &&
          items.map((item) => <MenuEntry key={item.label} item={item} onDone={() => menu.current?.hidePopover()} />)}
      </div>
    </>
  )
}

const entriesOf = (menu: HTMLElement) => [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')]

function moveFocus(event: KeyboardEvent<HTMLDivElement>) {
  const entries = entriesOf(event.currentTarget)
  const now = entries.findIndex((entry) => entry.contains(document.activeElement))
  const next = nextIndex(event.key, now, entries)
  if (event.key === 'Tab') event.currentTarget.hidePopover()
  if (next === undefined) return
  event.preventDefault()
  entries.at(next)?.focus()
}

function nextIndex(key: string, now: number, entries: HTMLElement[]) {
  if (key === 'ArrowDown') return (now + 1) % entries.length
  if (key === 'ArrowUp') return now - 1
  if (key === 'Home') return 0
  if (key === 'End') return -1
  if (key.length !== 1 || key === ' ') return undefined
  const order = [...entries.slice(now + 1), ...entries.slice(0, now + 1)]
  const match = order.find((entry) => entry.textContent?.toLowerCase().startsWith(key.toLowerCase()))
  return match ? entries.indexOf(match) : undefined
}
