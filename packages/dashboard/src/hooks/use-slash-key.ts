import { type RefObject, useEffect } from 'react'

/** `/` goes to the filter, unless somebody is typing. */
export function useSlashKey(target: RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const from = event.target
      const isTyping = from instanceof HTMLElement && from.matches('input, textarea, select, dialog *')
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      target.current?.focus()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [target])
}
