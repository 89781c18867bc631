import type { User } from '@rserve-proxy/contract/people.ts'
import { Box, KeyRound, ScrollText, Server, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { NavLink } from 'react-router-dom'
import { useAppListState, useLiveApps } from '../hooks/use-live.ts'
import { paths } from '../paths.ts'

interface Place {
  label: string
  to: string
  icon: ReactNode
  count?: number | undefined
}

const icon = 'size-4 shrink-0'

const adminPlaces: Place[] = [
  { label: 'Users', to: paths.users(), icon: <Users aria-hidden className={icon} /> },
  { label: 'System', to: paths.system(), icon: <Server aria-hidden className={icon} /> },
  { label: 'Audit', to: paths.audit(), icon: <ScrollText aria-hidden className={icon} /> },
]

interface NavigationProps {
  user: User
  /** In the sheet of a phone the words are always there. */
  isWide?: boolean
  onNavigate?: () => void
}

export function Navigation({ user, isWide = false, onNavigate }: NavigationProps) {
  const apps = useLiveApps()
  const isComplete = useAppListState() === 'complete'
  const places: Place[] = [
    {
      label: 'Apps',
      to: paths.apps(),
      icon: <Box aria-hidden className={icon} />,
      count: isComplete ? apps.size : undefined,
    },
    { label: 'Tokens', to: paths.tokens(), icon: <KeyRound aria-hidden className={icon} /> },
  ]
  const rail = isWide ? '' : 'max-lg:sr-only'
  const item = (place: Place) => <Item key={place.to} {...{ place, rail }} {...(onNavigate && { onNavigate })} />
  return (
    <nav aria-label="Main" className="flex flex-1 flex-col gap-1">
      {places.map(item)}
      {user.role === 'admin' && (
        <>
          <h2 className={`mt-3 px-2 text-xs text-ink-3 ${rail}`}>Admin</h2>
          {adminPlaces.map(item)}
        </>
      )}
    </nav>
  )
}

const look =
  'flex h-8 items-center gap-2 rounded-md px-2 font-medium text-ink-2 hover:bg-sunken hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:text-ink max-sm:h-10'

const Item = ({ place, rail, onNavigate }: { place: Place; rail: string; onNavigate?: () => void }) => (
  <NavLink to={place.to} title={place.label} className={look} {...(onNavigate && { onClick: onNavigate })}>
    {place.icon}
    <span className={`flex-1 ${rail}`}>{place.label}</span>
    {place.count !== undefined && (
      <span className={`text-sm font-normal text-ink-3 tabular-nums ${rail}`}>
        {place.count}
        <span className="sr-only"> in all</span>
      </span>
    )}
  </NavLink>
)
