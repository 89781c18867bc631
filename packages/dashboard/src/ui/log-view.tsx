import { ArrowDown } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import { LogBar } from './log-bar.tsx'
import { type LogLine, LogLines } from './log-lines.tsx'
import { type LogQuery, useFoundLines } from './use-found-lines.ts'

export type LogState = 'connecting' | 'live' | 'reconnecting' | 'ended'

interface LogViewProps {
  label: string
  lines: LogLine[]
  /** Of `lines`, which may grow in place. */
  count?: number
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
const everything: LogQuery = { find: '', replica: '' }

export function LogView({ label, lines, count = lines.length, state, emptyText, ...props }: LogViewProps) {
  const [query, setQuery] = useState(everything)
  const found = useFoundLines(lines, count, query)
  const follow = useFollow(lines[count - 1]?.number ?? 0)
  const replicas = useReplicas(lines, count)
  const shown = found ? found.lines : lines
  const shownCount = found ? found.lines.length : count
  const hasSeveral = replicas.size > 1

  return (
    <div className="overflow-hidden rounded-lg border border-log-line bg-log text-log-ink">
      <LogBar
        {...{ label, state, query, replicas }}
        lastTime={lines[count - 1]?.time}
        foundCount={found?.lines.length}
        fileHref={props.fileHref}
        onQuery={setQuery}
        linesToCopy={() => shown.slice(0, shownCount)}
      />
      <div className="relative">
        <div
          {...follow.scroller}
          role="log"
          aria-live="off"
          aria-label={label}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the focus
          tabIndex={0}
          className={`overflow-auto py-2 font-mono text-xs leading-5 focus-visible:-outline-offset-2 focus-visible:outline-log-blue ${props.isTall ? 'h-[60vh] min-h-60' : 'max-h-80 min-h-20'}`}
        >
          {props.hasOlder && <p className="px-4 text-log-ink-2">Older lines are in the file.</p>}
          {count === 0 && <p className="px-4 text-log-ink-2">{emptyText}</p>}
          {found?.isDone && shownCount === 0 && <p className="px-4 text-log-ink-2">Nothing matches “{query.find}”.</p>}
          <LogLines
            lines={shown}
            count={shownCount}
            scroller={follow.scroller.ref}
            replicas={hasSeveral ? replicas : undefined}
          />
        </div>
        {follow.unseen > 0 && !found && (
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

/** Replicas by the order in which they spoke, of what was seen so far. */
function useReplicas(lines: LogLine[], count: number): ReadonlyMap<string, number> {
  const known = useRef({ seen: 0, numbers: new Map<string, number>() })
  const { numbers } = known.current
  const first = lines[0]?.number ?? 1
  for (let index = Math.max(0, known.current.seen + 1 - first); index < count; index++) {
    const replica = lines[index]?.replica
    if (replica && !numbers.has(replica)) numbers.set(replica, numbers.size + 1)
  }
  known.current.seen = lines[count - 1]?.number ?? 0
  return numbers
}

/** Follows the end until somebody scrolls up; End follows again. */
function useFollow(last: number) {
  const scroller = useRef<HTMLDivElement>(null)
  const [leftAt, setLeftAt] = useState<number>()

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
