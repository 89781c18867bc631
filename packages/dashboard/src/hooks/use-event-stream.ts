import { useEffect, useState } from 'react'
import type { LogLine } from '../ui/log-lines.tsx'
import type { LogState } from '../ui/log-view.tsx'

export interface Stream {
  /** Grows in place: copying a long log with every frame would stall the page. `count` tells that it has grown. */
  lines: LogLine[]
  count: number
  state: LogState
  /** Lines that were dropped from the front. */
  hasOlder: boolean
}

type Sent = Pick<LogLine, 'text' | 'time' | 'replica'>

const keptLines = 250_000
const droppedAtOnce = 50_000
const retryMs = 3_000

const emptyStream = (): Stream => ({ lines: [], count: 0, state: 'connecting', hasOlder: false })

/** Lines of a log, in batches of one frame, until the event `end`. One address per mount. */
export function useEventStream(url: string): Stream {
  const [stream, setStream] = useState<Stream>(emptyStream)

  useEffect(() => {
    let source: EventSource
    let timer: ReturnType<typeof setTimeout>
    let frame = 0
    let waiting: Sent[][] = []
    const become = (state: LogState) => setStream((before) => ({ ...before, state }))

    function flush() {
      const batches = waiting
      waiting = []
      frame = 0
      setStream((before) => append(before, batches))
    }
    function open() {
      source = new EventSource(url)
      source.onopen = () => become('live')
      source.onmessage = (event: MessageEvent<string>) => {
        waiting.push(linesOf(event.data))
        frame ||= requestAnimationFrame(flush)
      }
      source.addEventListener('end', () => {
        source.close()
        become('ended')
      })
      source.onerror = () => {
        become('reconnecting')
        // The browser goes on by itself after a break, not after an error status; then it starts over.
        if (source.readyState === EventSource.CLOSED) timer = setTimeout(startOver, retryMs)
      }
    }
    function startOver() {
      setStream(emptyStream)
      open()
    }

    open()
    return () => {
      source.close()
      clearTimeout(timer)
      cancelAnimationFrame(frame)
    }
  }, [url])

  return stream
}

function linesOf(data: string): Sent[] {
  const sent: Sent | Sent[] = JSON.parse(data)
  return Array.isArray(sent) ? sent : [sent]
}

/** Safe to run twice for the same state, as React may: it writes behind `count`, which both begin with. */
function append({ lines, count, ...before }: Stream, batches: Sent[][]): Stream {
  const first = lines[0]?.number ?? 1
  let at = first + count
  for (const batch of batches) {
    for (const { text, time, replica } of batch) {
      lines[at - first] = { number: at, text, ...(time && { time }), ...(replica && { replica }) }
      at += 1
    }
  }
  const grown = at - first
  if (grown <= keptLines) return { ...before, lines, count: grown }
  return { ...before, lines: lines.slice(droppedAtOnce), count: grown - droppedAtOnce, hasOlder: true }
}
