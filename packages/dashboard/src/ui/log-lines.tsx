import { lazy, memo, type RefObject, Suspense } from 'react'
import { type LogColor, logSpans } from './log-text.ts'
import { clockSecondsText } from './time.tsx'

export interface LogLine {
  number: number
  text: string
  time?: string
  /** Id of the replica that printed it. */
  replica?: string
}

const colors: Record<LogColor, string> = {
  red: 'text-log-red',
  yellow: 'text-log-yellow',
  green: 'text-log-green',
  blue: 'text-log-blue',
  magenta: 'text-log-magenta',
  cyan: 'text-log-cyan',
  dim: 'text-log-ink-2',
}

/** Longer logs keep only the lines near what is seen; shorter ones can be selected and searched by the browser. */
const windowedFrom = 1_000
/** Of a megabyte line the beginning says what it is; the file has it whole. */
const longestShown = 5_000

// Few logs are long, and what windows them is 12 kB.
const WindowedLines = lazy(() => import('./windowed-lines.tsx').then((file) => ({ default: file.WindowedLines })))

interface LogLinesProps {
  lines: LogLine[]
  /** `lines` grows in place. */
  count: number
  scroller: RefObject<HTMLDivElement | null>
  /** Number of each replica, where there are several. */
  replicas: ReadonlyMap<string, number> | undefined
}

export const LogLines = ({ lines, count, scroller, replicas }: LogLinesProps) =>
  count < windowedFrom ? (
    lines.slice(0, count).map((line) => <Row key={line.number} line={line} replica={numberOf(line, replicas)} />)
  ) : (
    <Suspense>
      <WindowedLines
        count={count}
        scroller={scroller}
        lineAt={(index) => lines[index] && <Row line={lines[index]} replica={numberOf(lines[index], replicas)} />}
      />
    </Suspense>
  )

const numberOf = ({ replica }: LogLine, replicas: LogLinesProps['replicas']) => replica && replicas?.get(replica)

interface RowProps {
  line: LogLine
  replica: number | '' | undefined
}

const Row = memo(({ line, replica }: RowProps) => (
  <div className="flex h-5 hover:bg-log-line">
    <span
      aria-hidden
      className={`${line.time ? 'w-20' : 'w-14'} shrink-0 pr-3 text-right text-log-ink-2 tabular-nums select-none`}
    >
      {line.time ? clockSecondsText(line.time) : line.number}
    </span>
    {replica && (
      <span className="w-6 shrink-0 text-log-cyan">
        <span className="sr-only">Replica </span>
        {replica}
      </span>
    )}
    <span className="pr-4 whitespace-pre">
      {logSpans(line.text.slice(0, longestShown)).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a printed line never changes
        <span key={index} className={part.color && colors[part.color]}>
          {part.text}
        </span>
      ))}
      {line.text.length > longestShown && <span className="text-log-ink-2"> … the rest is in the file</span>}
    </span>
  </div>
))
