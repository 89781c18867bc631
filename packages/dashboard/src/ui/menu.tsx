import { type KeyboardEvent, type ReactNode, type ToggleEvent, useId, useRef, useState } from 'react'
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
  const [isOpen, setIsOpen] = useState(false)

  function onToggle(event: ToggleEvent<HTMLDivElement>) {
    const opened = event.newState === 'open'
    setIsOpen(opened)
    const anchor = document.querySelector(`[popovertarget="${CSS.escape(id)}"]`)
    if (!opened || !anchor) return
    place(event.currentTarget, anchor, align)
    entriesOf(event.currentTarget)[0]?.focus()
  }

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
        onToggle={onToggle}
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
