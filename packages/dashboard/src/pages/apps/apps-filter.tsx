import type { App } from '@rserve-proxy/contract/apps.ts'
import { Search } from 'lucide-react'
import { useRef } from 'react'
import { Link, useSearchParams } from 'react-router-dom'
import { type AppGroup, appGroups, isInGroup } from '../../components/app-status.ts'
import { useSlashKey } from '../../hooks/use-slash-key.ts'
import { paths } from '../../paths.ts'
import { Select } from '../../ui/input.tsx'

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
  useSlashKey(input)
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
      <search className="relative min-w-32 flex-1 sm:max-w-70">
        <Search aria-hidden className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-ink-3" />
        <input
          ref={input}
          type="search"
          aria-label="Filter by name or address"
          aria-keyshortcuts="/"
          placeholder="Filter by name or address"
          defaultValue={filter.q}
          className="h-8 w-full rounded-md border border-line-strong bg-surface pr-8 pl-9 placeholder:text-ink-3 max-sm:h-10"
          onChange={(event) => filter.change({ q: event.target.value })}
        />
        <kbd
          aria-hidden
          className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 rounded-sm border px-1.5 font-sans text-xs text-ink-3 pointer-coarse:hidden"
        >
          /
        </kbd>
      </search>
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
