import type { User } from '@rserve-proxy/contract/people.ts'
import { Menu as MenuIcon, Search, SquareTerminal } from 'lucide-react'
import { useRef } from 'react'
import { Link } from 'react-router-dom'
import { paletteState } from '../live/palette-state.ts'
import { paths } from '../paths.ts'
import { Navigation } from './navigation.tsx'
import { UserMenu } from './user-menu.tsx'

/** From 640 px a rail of icons, from 1024 px with their words. */
export const Sidebar = ({ user }: { user: User }) => (
  <aside aria-label="Sidebar" className="sticky top-0 flex h-screen flex-col gap-4 border-r px-3 py-3 max-sm:hidden">
    <Brand />
    <SearchButton />
    <Navigation user={user} />
    <UserMenu user={user} />
  </aside>
)

/** Below 640 px the same behind a button. */
export function TopBar({ user }: { user: User }) {
  const sheet = useRef<HTMLDivElement>(null)
  const close = () => sheet.current?.hidePopover()
  return (
    <header className="flex h-12 items-center gap-2 border-b px-3 sm:hidden">
      <button
        type="button"
        popoverTarget="sheet"
        aria-label="Menu"
        className="inline-flex size-10 items-center justify-center rounded-md text-ink-2"
      >
        <MenuIcon aria-hidden className="size-5" />
      </button>
      <Brand />
      <button
        type="button"
        aria-label="Search"
        className="ml-auto inline-flex size-10 items-center justify-center rounded-md text-ink-2"
        onClick={() => paletteState.set('everything')}
      >
        <Search aria-hidden className="size-5" />
      </button>
      <div
        ref={sheet}
        id="sheet"
        popover="auto"
        className="fixed inset-y-0 left-0 m-0 h-full w-70 max-w-[85%] bg-raised p-3 text-ink shadow-dialog open:flex open:flex-col open:gap-4"
      >
        <Brand onClick={close} />
        <Navigation user={user} isWide onNavigate={close} />
        <UserMenu user={user} isWide />
      </div>
    </header>
  )
}

const SearchButton = () => (
  <button
    type="button"
    title="Search or jump to"
    aria-keyshortcuts="Control+K Meta+K"
    className="flex h-8 items-center gap-2 rounded-md border border-line-strong/45 bg-surface px-2 text-left text-ink-2 hover:bg-sunken"
    onClick={() => paletteState.set('everything')}
  >
    <Search aria-hidden className="size-4 shrink-0" />
    <span className="min-w-0 flex-1 truncate max-lg:sr-only">Search</span>
    <kbd
      aria-hidden
      className="rounded-sm border px-1 font-sans text-xs text-ink-3 pointer-coarse:hidden max-lg:hidden"
    >
      Ctrl K
    </kbd>
  </button>
)

const Brand = ({ onClick }: { onClick?: () => void }) => (
  <Link
    to={paths.apps()}
    aria-label="rserve-proxy, apps"
    className="flex h-8 items-center gap-2 px-1 font-semibold lg:px-2"
    {...(onClick && { onClick })}
  >
    <SquareTerminal aria-hidden className="size-6 shrink-0 text-accent-ink" />
    <span className="sm:max-lg:hidden">rserve-proxy</span>
  </Link>
)
