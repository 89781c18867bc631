import type { ReactNode } from 'react'
import { NavLink, useLocation, useNavigate } from 'react-router-dom'
import { Select } from '../ui/input.tsx'

interface TabNavProps {
  label: string
  tabs: { label: string; to: string; count?: number | undefined }[]
  children?: ReactNode
}

const look =
  '-mb-px border-b-2 border-transparent pb-2 font-medium text-ink-2 hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink'

/** Tabs are places with an address; on a phone they are one select. */
export function TabNav({ label, tabs, children }: TabNavProps) {
  const navigate = useNavigate()
  const { pathname } = useLocation()
  return (
    <nav aria-label={label} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 sm:border-b">
      <div className="w-full sm:hidden">
        <Select aria-label={label} value={pathname} onChange={(event) => navigate(event.target.value)}>
          {tabs.map((tab) => (
            <option key={tab.to} value={tab.to}>
              {tab.label}
            </option>
          ))}
        </Select>
      </div>
      <div className="flex gap-6 max-sm:hidden">
        {tabs.map((tab) => (
          <NavLink key={tab.to} to={tab.to} end className={look}>
            {tab.label}
            {tab.count !== undefined && <span className="ml-1.5 font-normal text-ink-3 tabular-nums">{tab.count}</span>}
          </NavLink>
        ))}
      </div>
      {children}
    </nav>
  )
}
