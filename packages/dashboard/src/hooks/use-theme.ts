import { useState } from 'react'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const stored = (): Theme => themes.find((theme) => theme === localStorage.getItem('theme')) ?? 'system'

/** `theme-boot.js` applies the same choice before the first paint. */
export function useTheme() {
  const [theme, setTheme] = useState(stored)

  function choose(next: Theme) {
    setTheme(next)
    if (next === 'system') {
      localStorage.removeItem('theme')
      delete document.documentElement.dataset.theme
    } else {
      localStorage.setItem('theme', next)
      document.documentElement.dataset.theme = next
    }
  }

  return { theme, choose }
}
