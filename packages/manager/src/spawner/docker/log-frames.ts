export interface LogFrame {
  stream: 'stdout' | 'stderr'
  payload: Buffer
}

const headerBytes = 8

/**
 * Takes the engine's multiplexed log stream apart: per message a header (stream, length) and the payload. dockerode's
 * own demultiplexer knows no backpressure and copies the whole rest for every message.
 */
export async function* logFrames(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<LogFrame> {
  let rest = Buffer.alloc(0)
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, typeof chunk === 'string' ? Buffer.from(chunk) : chunk])
    let start = 0
    for (let end = frameEnd(rest, start); end <= rest.length; end = frameEnd(rest, start)) {
      yield {
        stream: rest.readUInt8(start) === 2 ? 'stderr' : 'stdout',
        payload: rest.subarray(start + headerBytes, end),
      }
      start = end
    }
    rest = rest.subarray(start)
  }
}

function frameEnd(buffer: Buffer, start: number): number {
  const isHeaderComplete = buffer.length >= start + headerBytes
  return isHeaderComplete ? start + headerBytes + buffer.readUInt32BE(start + 4) : Number.POSITIVE_INFINITY
}
