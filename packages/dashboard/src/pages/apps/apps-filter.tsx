import type { App } from '@rserve-proxy/contract/apps.ts'
import { Search } from 'lucide-react'
import { useRef } from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { type AppGroup, appGroups, isInGroup } from '../../components/app-status.ts'
import { useShortcut } from '../../hooks/use-shortcut.ts'
import { paths } from '../../paths.ts'
import { Select } from '../../ui/input.tsx'
import { SearchBox } from '../../ui/search-box.tsx'

const groupWords: Record<AppGroup, string> = {
  attention: 'Need attention',
  serving: 'Serving',
  off: 'Not running',
}

/** The filter lives in the URL. */
export function useAppsFilter() {
  const [query, setQuery] = useSearchParams()
  const q = query.get('q') ?? ''
  const show = appGroups.find((group) => group === query.get('show'))
  const change = (next: { q?: string; show?: string }) => {
    const wanted = { q, show: show ?? '', ...next }
    setQuery(
      Object.entries(wanted).filter(([, value]) => value),
      { replace: true },
    )
  }
  return { q, show, change }
}

interface AppsFilterProps {
  apps: App[]
  hasMore: boolean
  filter: ReturnType<typeof useAppsFilter>
}

export function AppsFilter({ apps, hasMore, filter }: AppsFilterProps) {
  const input = useRef<HTMLInputElement>(null)
  useShortcut({ key: '/' }, () => input.current?.focus())
  const groups = [
    { group: undefined, label: 'All', count: apps.length },
    ...appGroups.map((group) => ({
      group,
      label: groupWords[group],
      count: apps.filter((app) => isInGroup(app, group)).length,
    })),
  ]
  const countText = (count: number) => (hasMore ? `${count}+` : `${count}`)
  return (
    <>
      <SearchBox
        inputRef={input}
        label="Filter by name or address"
        shortcut="/"
        searched={filter.q}
        icon={<Search aria-hidden className="size-4" />}
        onSearch={(q) => filter.change({ q })}
      />
      <div className="sm:hidden">
        <Select
          aria-label="Show"
          value={filter.show ?? ''}
          onChange={(event) => filter.change({ show: event.target.value })}
        >
          {groups.map(({ group = '', label, count }) => (
            <option key={label} value={group}>
              {label} {countText(count)}
            </option>
          ))}
        </Select>
      </div>
      <nav aria-label="Show" className="mr-auto flex flex-wrap gap-1 max-sm:hidden">
        {groups.map(({ group, label, count }) => (
          <Link
            key={label}
            to={paths.apps({ q: filter.q, ...(group && { show: group }) })}
            aria-current={group === filter.show ? 'page' : undefined}
            className="inline-flex h-8 items-center gap-1.5 rounded-md px-2.5 text-sm text-ink-2 hover:bg-sunken aria-[current=page]:bg-sunken aria-[current=page]:font-medium aria-[current=page]:text-ink"
          >
            {label} <span className="font-normal text-ink-3 tabular-nums">{countText(count)}</span>
          </Link>
        ))}
      </nav>
    </>
  )
}
