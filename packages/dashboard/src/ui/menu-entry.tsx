import { Check } from 'lucide-react'
import type { ReactNode } from 'react'

export interface MenuItem {
  label: string
  icon?: ReactNode
  isDanger?: boolean
  disabledReason?: string | undefined
  /** Makes it one of a group of choices. */
  isChecked?: boolean
  /** An address outside the dashboard; opens in a new tab. */
  href?: string
  onSelect?: () => void
}

const look =
  'flex w-full items-center gap-2 rounded-md px-2 py-1.5 text-left hover:bg-sunken focus-visible:-outline-offset-2'

export function MenuEntry({ item, onDone }: { item: MenuItem; onDone: () => void }) {
  if (item.href !== undefined) {
    return (
      <a
        href={item.href}
        target="_blank"
        rel="noreferrer"
        role="menuitem"
        tabIndex={-1}
        className={look}
        onClick={onDone}
      >
        {item.icon}
        {item.label}
      </a>
    )
  }
  const isBlocked = item.disabledReason !== undefined
  function select() {
    if (isBlocked) return
    onDone()
    item.onSelect?.()
  }
  return (
    <button
      type="button"
      tabIndex={-1}
      {...(item.isChecked === undefined
        ? { role: 'menuitem' }
        : { role: 'menuitemradio', 'aria-checked': item.isChecked })}
      {...(isBlocked && { 'aria-disabled': true })}
      className={`${look} ${item.isDanger ? 'text-danger' : ''}`}
      onClick={select}
    >
      {item.isChecked ? <Check aria-hidden className="size-4" /> : (item.icon ?? <span className="size-4" />)}
      <span>
        <span className={isBlocked ? 'text-ink-3' : undefined}>{item.label}</span>
        {isBlocked && <span className="block text-xs text-ink-3">{item.disabledReason}</span>}
      </span>
    </button>
  )
}
