import { useEffect, useState } from 'react'
import type { LogLine } from '../ui/log-lines.tsx'
import type { LogState } from '../ui/log-view.tsx'

export interface Stream {
  lines: LogLine[]
  state: LogState
  /** Lines that were dropped from the front. */
  hasOlder: boolean
}

interface Sent {
  text: string
  time?: string
}

const keptLines = 10_000
const droppedAtOnce = 2_500
const retryMs = 3_000

/** The only stream: lines of a log, in batches of one frame, until the event `end`. One address per mount. */
export function useEventStream(url: string): Stream {
  const [stream, setStream] = useState<Stream>({ lines: [], state: 'connecting', hasOlder: false })

  useEffect(() => {
    let source: EventSource
    let timer: ReturnType<typeof setTimeout>
    let frame = 0
    let waiting: Sent[] = []
    const become = (state: LogState) => setStream((before) => ({ ...before, state }))

    function flush() {
      const batch = waiting
      waiting = []
      frame = 0
      setStream((before) => append(before, batch))
    }
    function open() {
      source = new EventSource(url)
      source.onopen = () => become('live')
      source.onmessage = (event: MessageEvent<string>) => {
        for (const line of linesOf(event.data)) waiting.push(line)
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
      setStream((before) => ({ ...before, lines: [], hasOlder: false }))
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

function append(before: Stream, batch: Sent[]): Stream {
  const first = (before.lines.at(-1)?.number ?? 0) + 1
  const lines = [...before.lines, ...batch.map((line, index) => ({ ...line, number: first + index }))]
  if (lines.length <= keptLines) return { ...before, lines }
  return { ...before, lines: lines.slice(-(keptLines - droppedAtOnce)), hasOlder: true }
}
