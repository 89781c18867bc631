import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'react-router-dom'

/** After a navigation the focus goes to `<main>`, and the new title is read aloud. */
export function useRouteAnnouncer() {
  const { pathname } = useLocation()
  const main = useRef<HTMLElement>(null)
  const seen = useRef(pathname)
  const [announcement, setAnnouncement] = useState('')

  useEffect(() => {
    if (seen.current === pathname) return
    seen.current = pathname
    main.current?.focus()
    setAnnouncement(document.title)
  }, [pathname])

  return { main, announcement }
}
