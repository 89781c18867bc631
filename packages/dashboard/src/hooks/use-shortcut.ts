import { useEffect, useRef } from 'react'
import { singleKeys } from '../live/single-keys.ts'

interface Shortcut {
  key: string
  /** With Ctrl or ⌘; else the key alone, which counts only while nobody types and may be turned off. */
  withControl?: boolean
}

/** Keys of the whole page. */
export function useShortcut({ key, withControl = false }: Shortcut, act: () => void) {
  const latest = useRef(act)
  latest.current = act

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const hasControl = event.ctrlKey || event.metaKey
      if (event.key.toLowerCase() !== key || hasControl !== withControl || event.altKey) return
      if (!withControl && (isTyping(event.target) || singleKeys.get() === 'off')) return
      event.preventDefault()
      latest.current()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [key, withControl])
}

const isTyping = (from: EventTarget | null) =>
  from instanceof HTMLElement && from.matches('input, textarea, select, dialog *')
