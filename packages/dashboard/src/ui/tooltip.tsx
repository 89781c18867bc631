import { type FocusEvent, type KeyboardEvent, type PointerEvent, useId, useRef } from 'react'
import { place } from './place.ts'

const delayMs = 400

/** Spread `anchor` on the element and render `bubble` beside it. Never the only source of a fact. */
export function useTooltip(text: string | undefined) {
  const id = useId()
  const bubble = useRef<HTMLSpanElement>(null)
  const timer = useRef(0)
  const isOpen = useRef(false)

  function show(anchor: Element) {
    clearTimeout(timer.current)
    timer.current = window.setTimeout(() => {
      if (!bubble.current?.isConnected || isOpen.current) return
      bubble.current.showPopover()
      isOpen.current = true
      place(bubble.current, anchor, 'center')
    }, delayMs)
  }

  function hide() {
    clearTimeout(timer.current)
    if (isOpen.current && bubble.current?.isConnected) bubble.current.hidePopover()
    isOpen.current = false
  }

  if (text === undefined) return { anchor: {}, bubble: null }
  const anchor = {
    'aria-describedby': id,
    onPointerEnter: (event: PointerEvent) => show(event.currentTarget),
    onPointerLeave: hide,
    onPointerDown: hide,
    onFocus: ({ currentTarget }: FocusEvent) => currentTarget.matches(':focus-visible') && show(currentTarget),
    onBlur: hide,
    onKeyDown: (event: KeyboardEvent) => event.key === 'Escape' && hide(),
  }
  return {
    anchor,
    bubble: (
      <span
        ref={bubble}
        id={id}
        role="tooltip"
        popover="manual"
        className="pointer-events-none fixed m-0 max-w-70 rounded-md bg-raised px-2 py-1 text-left text-sm font-normal whitespace-normal text-ink shadow-raised"
      >
        {text}
      </span>
    ),
  }
}
