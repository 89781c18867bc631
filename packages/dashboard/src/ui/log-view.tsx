import { ArrowDown, Download, Search } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import { CopyLogButton } from './copy-log-button.tsx'
import { type LogLine, LogLines } from './log-lines.tsx'
import { plainText } from './log-text.ts'

export type LogState = 'connecting' | 'live' | 'reconnecting' | 'ended'

const stateWords: Record<LogState, string> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting, nothing is lost',
  ended: 'Ended',
}

interface LogViewProps {
  label: string
  lines: LogLine[]
  /** Absent for lines that are all there is. */
  state?: LogState
  /** Said while there is nothing to show. */
  emptyText: string
  /** The whole log as a file. */
  fileHref?: string | undefined
  isTall?: boolean
  /** Older lines that are not kept here. */
  hasOlder?: boolean
}

const slack = 24

export function LogView({ label, lines, state, emptyText, fileHref, isTall = false, hasOlder = false }: LogViewProps) {
  const [find, setFind] = useState('')
  const follow = useFollow(lines)
  const shown = find ? lines.filter((line) => plainText(line.text).toLowerCase().includes(find.toLowerCase())) : lines

  return (
    <div className="overflow-hidden rounded-lg border border-log-line bg-log text-log-ink">
      <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-log-line px-3 py-1 text-sm text-log-ink-2">
        <span className="mr-auto">{state ? <StateWord state={state} /> : label}</span>
        <label className="inline-flex items-center gap-1 rounded-sm border border-log-line px-2 max-sm:order-last max-sm:w-full">
          <Search aria-hidden className="size-3.5" />
          <input
            type="search"
            aria-label={`Find in ${label}`}
            placeholder="Find"
            className="h-6 w-24 bg-transparent text-log-ink outline-none placeholder:text-log-ink-2 max-sm:h-9 max-sm:flex-1"
            onChange={(event) => setFind(event.target.value)}
          />
          {find && <span className="tabular-nums">{shown.length}</span>}
        </label>
        <CopyLogButton text={() => shown.map((line) => plainText(line.text)).join('\n')} />
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
      <div className="relative">
        <div
          {...follow.scroller}
          role="log"
          aria-live="off"
          aria-label={label}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the focus
          tabIndex={0}
          className={`overflow-auto py-2 font-mono text-xs leading-5 focus-visible:-outline-offset-2 focus-visible:outline-log-blue ${isTall ? 'h-[60vh] min-h-60' : 'max-h-80 min-h-20'}`}
        >
          {hasOlder && <p className="px-4 text-log-ink-2">Older lines are in the file.</p>}
          {lines.length === 0 && <p className="px-4 text-log-ink-2">{emptyText}</p>}
          {lines.length > 0 && shown.length === 0 && <p className="px-4 text-log-ink-2">Nothing matches “{find}”.</p>}
          <LogLines lines={shown} />
        </div>
        {follow.unseen > 0 && !find && (
          <button
            type="button"
            className="absolute right-4 bottom-3 inline-flex min-h-7 items-center gap-1 rounded-md border border-log-line bg-log px-2 text-sm shadow-raised"
            onClick={follow.toEnd}
          >
            <ArrowDown aria-hidden className="size-3.5" />
            {follow.unseen === 1 ? '1 new line' : `${follow.unseen} new lines`}
          </button>
        )}
      </div>
    </div>
  )
}

const StateWord = ({ state }: { state: LogState }) => (
  <span role="status" className={`inline-flex items-center gap-2 ${state === 'live' ? 'text-log-green' : ''}`}>
    <span
      aria-hidden
      className={`size-2 rounded-full ${state === 'live' ? 'bg-log-green' : 'border border-log-ink-2'}`}
    />
    {stateWords[state]}
  </span>
)

/** Follows the end until somebody scrolls up; End follows again. */
function useFollow(lines: LogLine[]) {
  const scroller = useRef<HTMLDivElement>(null)
  const [leftAt, setLeftAt] = useState<number>()
  const last = lines.at(-1)?.number ?? 0

  function toEnd() {
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: every new line moves the end
  useLayoutEffect(() => {
    if (leftAt === undefined) toEnd()
  }, [last, leftAt])

  function onScroll() {
    const box = scroller.current
    if (!box) return
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < slack
    setLeftAt((before) => (isAtEnd ? undefined : (before ?? last)))
  }

  return { scroller: { ref: scroller, onScroll }, unseen: leftAt === undefined ? 0 : last - leftAt, toEnd }
}
