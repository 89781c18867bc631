import { Search } from 'lucide-react'
import { useSearchParams } from 'react-router-dom'
import { auditResults, auditWords } from '../../components/audit-words.ts'
import type { AuditQuery } from '../../paths.ts'
import { Select } from '../../ui/input.tsx'
import { SearchBox } from '../../ui/search-box.tsx'

const names = ['actor', 'action', 'result', 'since', 'appId', 'cursor'] as const

export const queryOf = (search: URLSearchParams): AuditQuery =>
  Object.fromEntries(names.flatMap((name) => (search.get(name) ? [[name, search.get(name)]] : [])))

const sinceWords = { '': 'Any time', hour: 'Last hour', day: 'Last 24 h', week: 'Last 7 days' }
const sinceMs: Record<string, number> = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 }

/** The address says "last week", and each reading counts back from then. */
export const sinceOf = (since: string | undefined, now = Date.now()) =>
  since && sinceMs[since] ? new Date(now - sinceMs[since]).toISOString() : undefined

export function AuditFilter() {
  const [search, setSearch] = useSearchParams()
  const query = queryOf(search)
  function change(name: keyof AuditQuery, value: string) {
    const { cursor: _, ...rest } = { ...query, [name]: value }
    setSearch(
      Object.entries(rest).filter(([, given]) => given),
      { replace: true },
    )
  }
  return (
    <div className="flex flex-wrap items-end gap-3">
      <SearchBox
        label="Filter by user name"
        searched={query.actor ?? ''}
        icon={<Search aria-hidden className="size-4" />}
        onSearch={(text) => change('actor', text)}
      />
      <Choose label="What" value={query.action} onChange={(value) => change('action', value)}>
        <option value="">Everything</option>
        {Object.entries(auditWords).map(([action, words]) => (
          <option key={action} value={action}>
            {words.charAt(0).toUpperCase() + words.slice(1)}
          </option>
        ))}
      </Choose>
      <Choose label="Outcome" value={query.result} onChange={(value) => change('result', value)}>
        <option value="">Any outcome</option>
        {Object.entries(auditResults).map(([result, { word }]) => (
          <option key={result} value={result}>
            {word}
          </option>
        ))}
      </Choose>
      <Choose label="When" value={query.since} onChange={(value) => change('since', value)}>
        {Object.entries(sinceWords).map(([since, words]) => (
          <option key={since} value={since}>
            {words}
          </option>
        ))}
      </Choose>
    </div>
  )
}

interface ChooseProps {
  label: string
  value: string | undefined
  onChange: (value: string) => void
  children: React.ReactNode
}

const Choose = ({ label, value = '', onChange, children }: ChooseProps) => (
  <span className="max-sm:flex-1 max-sm:basis-32">
    <Select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {children}
    </Select>
  </span>
)
