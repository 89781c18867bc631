import type { User } from '@rserve-proxy/contract/people.ts'
import { lazy, Suspense, useState, useSyncExternalStore } from 'react'
import { useShortcut } from '../hooks/use-shortcut.ts'
import { paletteState } from '../live/palette-state.ts'
import { passwordPrompt } from '../live/password-prompt.ts'

// Each is asked for seldom, so it is loaded then.
const Palette = lazy(() => import('./palette/palette.tsx').then((file) => ({ default: file.Palette })))
const KeysHelp = lazy(() => import('./keys-help.tsx').then((file) => ({ default: file.KeysHelp })))
const PasswordDialog = lazy(() => import('./password-dialog.tsx').then((file) => ({ default: file.PasswordDialog })))

/** What opens over every page. */
export function Overlays({ user }: { user: User }) {
  const palette = useSyncExternalStore(paletteState.subscribe, paletteState.get)
  const asking = useSyncExternalStore(passwordPrompt.subscribe, passwordPrompt.get)
  const [isHelping, setIsHelping] = useState(false)
  const [wasOpen, setWasOpen] = useState(false)
  useShortcut({ key: 'k', withControl: true }, () => paletteState.set(palette === 'closed' ? 'everything' : 'closed'))
  useShortcut({ key: '?' }, () => setIsHelping(true))
  // Once opened it stays, with the dialogs of its verbs.
  if (palette !== 'closed' && !wasOpen) setWasOpen(true)
  return (
    <Suspense>
      {wasOpen && <Palette user={user} state={palette} onClose={() => paletteState.set('closed')} />}
      {isHelping && <KeysHelp onClose={() => setIsHelping(false)} />}
      {asking && <PasswordDialog onAnswer={asking.answer} />}
    </Suspense>
  )
}
