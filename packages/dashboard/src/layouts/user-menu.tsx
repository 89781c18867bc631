import type { User } from '@rserve-proxy/contract/people.ts'
import { ChevronsUpDown, CircleUser, LogOut } from 'lucide-react'
import { useNavigate, useSubmit } from 'react-router-dom'
import { type Theme, themes, useTheme } from '../hooks/use-theme.ts'
import { paths } from '../paths.ts'
import { Menu } from '../ui/menu.tsx'

const themeWords: Record<Theme, string> = { system: 'Theme of the system', light: 'Light theme', dark: 'Dark theme' }

export function UserMenu({ user, isWide = false }: { user: User; isWide?: boolean }) {
  const { theme, choose } = useTheme()
  const submit = useSubmit()
  const navigate = useNavigate()
  const name = user.displayName ?? user.username
  const items = [
    {
      label: 'Profile',
      icon: <CircleUser aria-hidden className="size-4" />,
      onSelect: () => navigate(paths.profile()),
    },
    ...themes.map((choice) => ({
      label: themeWords[choice],
      isChecked: choice === theme,
      onSelect: () => choose(choice),
    })),
    {
      label: 'Sign out',
      icon: <LogOut aria-hidden className="size-4" />,
      onSelect: () => submit(null, { method: 'post', action: paths.signOut }),
    },
  ]
  return (
    <Menu
      label="Account"
      align="start"
      items={items}
      trigger={(props) => (
        <button
          type="button"
          {...props}
          className="flex w-full items-center gap-2 rounded-md p-1 text-left hover:bg-sunken max-sm:min-h-10"
        >
          <span
            aria-hidden
            className="inline-flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent-ink"
          >
            {name.charAt(0).toUpperCase()}
          </span>
          <span className={`min-w-0 flex-1 ${isWide ? '' : 'max-lg:sr-only'}`}>
            <span className="sr-only">Account of </span>
            <span className="block truncate font-medium">{name}</span>
            <span className="block text-xs text-ink-3">{user.role === 'admin' ? 'Admin' : 'User'}</span>
          </span>
          <ChevronsUpDown aria-hidden className={`size-4 shrink-0 text-ink-3 ${isWide ? '' : 'max-lg:hidden'}`} />
        </button>
      )}
    />
  )
}
