import { memo } from 'react'
import { type LogColor, logSpans } from './log-text.ts'
import { clockSecondsText } from './time.tsx'

export interface LogLine {
  number: number
  text: string
  time?: string
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

const blockSize = 200

/** Blocks by line number: new lines touch only the last block, and what is off screen is not laid out. */
export const LogLines = ({ lines }: { lines: LogLine[] }) =>
  blocksOf(lines).map((block) => <Block key={Math.floor((block[0]?.number ?? 0) / blockSize)} lines={block} />)

function blocksOf(lines: LogLine[]) {
  const blocks = Map.groupBy(lines, (line) => Math.floor(line.number / blockSize))
  return [...blocks.values()]
}

const Block = memo(
  ({ lines }: { lines: LogLine[] }) => (
    <div className="[content-visibility:auto] [contain-intrinsic-height:auto_4000px]">
      {lines.map((line) => (
        <div key={line.number} className="flex hover:bg-log-line">
          <span
            aria-hidden
            className={`${line.time ? 'w-20' : 'w-12'} shrink-0 pr-3 text-right text-log-ink-2 tabular-nums select-none`}
          >
            {line.time ? clockSecondsText(line.time) : line.number}
          </span>
          <span className="pr-4 whitespace-pre">
            {logSpans(line.text).map((part, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a printed line never changes
              <span key={index} className={part.color && colors[part.color]}>
                {part.text}
              </span>
            ))}
          </span>
        </div>
      ))}
    </div>
  ),
  (before, after) => before.lines.length === after.lines.length && before.lines[0]?.number === after.lines[0]?.number,
)
