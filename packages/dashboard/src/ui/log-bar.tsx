import { Download, Search } from 'lucide-react'
import { useRef } from 'react'
import { CopyLogButton } from './copy-log-button.tsx'
import type { LogLine } from './log-lines.tsx'
import { plainText } from './log-text.ts'
import type { LogState } from './log-view.tsx'
import { clockText, secondsSince } from './time.tsx'
import type { LogQuery } from './use-found-lines.ts'
import { useTick } from './use-tick.ts'

const stateWords: Record<LogState, string> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting, nothing is lost',
  ended: 'Ended',
}

interface LogBarProps {
  label: string
  state: LogState | undefined
  query: LogQuery
  replicas: ReadonlyMap<string, number>
  lastTime: string | undefined
  /** How many lines a query has left so far. */
  foundCount: number | undefined
  fileHref: string | undefined
  onQuery: (query: LogQuery) => void
  linesToCopy: () => LogLine[]
}

const pauseMs = 150

export function LogBar({ label, state, query, replicas, lastTime, foundCount, fileHref, ...props }: LogBarProps) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  return (
    <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-log-line px-3 py-1 text-sm text-log-ink-2">
      <span className="mr-auto">{state ? <StateWord state={state} lastTime={lastTime} /> : label}</span>
      {replicas.size > 1 && (
        <select
          aria-label={`Replica of ${label}`}
          value={query.replica}
          className="h-6 rounded-sm border border-log-line bg-log px-1 text-log-ink max-sm:h-9"
          onChange={(event) => props.onQuery({ ...query, replica: event.target.value })}
        >
          <option value="">All replicas</option>
          {[...replicas].map(([id, number]) => (
            <option key={id} value={id}>
              Replica {number}
            </option>
          ))}
        </select>
      )}
      <label className="inline-flex items-center gap-1 rounded-sm border border-log-line px-2 max-sm:order-last max-sm:w-full">
        <Search aria-hidden className="size-3.5" />
        <input
          type="search"
          aria-label={`Find in ${label}`}
          placeholder="Find"
          className="h-6 w-24 bg-transparent text-log-ink outline-none placeholder:text-log-ink-2 max-sm:h-9 max-sm:flex-1"
          onChange={({ target: { value } }) => {
            clearTimeout(timer.current)
            timer.current = setTimeout(() => props.onQuery({ ...query, find: value }), pauseMs)
          }}
        />
        {foundCount !== undefined && <span className="tabular-nums">{foundCount}</span>}
      </label>
      <CopyLogButton
        text={() =>
          props
            .linesToCopy()
            .map((line) => plainText(line.text))
            .join('\n')
        }
      />
      {fileHref && (
        <a
          href={fileHref}
          download
          className="inline-flex min-h-6 items-center gap-1 hover:text-log-ink max-sm:size-10 max-sm:justify-center"
        >
          <Download aria-hidden className="size-3.5" />
          <span className="max-sm:sr-only">Download</span>
        </a>
      )}
    </div>
  )
}

const quietSeconds = 60

function StateWord({ state, lastTime }: { state: LogState; lastTime: string | undefined }) {
  useTick('calm')
  const isQuiet = state === 'live' && lastTime !== undefined && secondsSince(lastTime) > quietSeconds
  return (
    <span role="status" className={`inline-flex items-center gap-2 ${state === 'live' ? 'text-log-green' : ''}`}>
      <span
        aria-hidden
        className={`size-2 rounded-full ${state === 'live' ? 'bg-log-green' : 'border border-log-ink-2'}`}
      />
      {stateWords[state]}
      {isQuiet && <span className="text-log-ink-2">, nothing printed since {clockText(new Date(lastTime))}</span>}
    </span>
  )
}
