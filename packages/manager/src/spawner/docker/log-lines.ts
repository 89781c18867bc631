import type { LogLine } from '../spawner.ts'
import type { LogFrame } from './log-frames.ts'

export const maxLineBytes = 16 * 1024
const lineFeed = 0x0a
const carriageReturn = 0x0d

interface OpenLine {
  time: string
  parts: Buffer[]
  bytes: number
}

type AssembledLine = Omit<LogLine, 'replicaId'>

/**
 * Frames with timestamps to lines. The engine cuts lines at 16 KB, in the middle of a character if need be, and gives
 * every piece a timestamp of its own: pieces are joined as bytes before they become text.
 */
export async function* logLines(frames: AsyncIterable<LogFrame>): AsyncGenerator<AssembledLine> {
  const open = new Map<LogFrame['stream'], OpenLine>()
  for await (const { stream, payload } of frames) {
    const space = payload.indexOf(' ')
    const line = open.get(stream) ?? { time: payload.toString('latin1', 0, space), parts: [], bytes: 0 }
    const isComplete = append(line, payload.subarray(space + 1))
    if (isComplete) yield { stream, time: line.time, text: textOf(line) }
    if (isComplete) open.delete(stream)
    else open.set(stream, line)
  }
  for (const [stream, line] of open) yield { stream, time: line.time, text: textOf(line) }
}

/** True at the end of the line. A terminal would show only what follows the last carriage return. */
function append(line: OpenLine, piece: Buffer): boolean {
  const isComplete = piece.at(-1) === lineFeed
  const text = isComplete ? piece.subarray(0, -1) : piece
  const lastReturn = text.lastIndexOf(carriageReturn, -2)
  if (lastReturn >= 0) Object.assign(line, { parts: [], bytes: 0 })
  const kept = text.subarray(lastReturn + 1)
  if (line.bytes <= maxLineBytes) line.parts.push(kept)
  line.bytes += kept.length
  return isComplete
}

function textOf({ parts }: OpenLine): string {
  const bytes = Buffer.concat(parts)
  // A streaming decoder keeps half a character back instead of showing a replacement mark.
  const text = new TextDecoder().decode(bytes.subarray(0, maxLineBytes), { stream: true })
  const shown = bytes.length > maxLineBytes ? `${text} …` : text
  return shown.replace(/\r$/, '').replace(/^.*\r/s, '')
}
