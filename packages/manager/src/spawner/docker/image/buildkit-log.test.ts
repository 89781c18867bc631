import protobuf from 'protobufjs'
import { expect, it } from 'vitest'
import { createBuildkitLog } from './buildkit-log.ts'

/** As the engine sends it: a status message, more fields than we read, in base64. */
const Status = protobuf
  .parse(
    `syntax = "proto3";
     message Timestamp { int64 seconds = 1; int32 nanos = 2; }
     message Vertex { string digest = 1; string name = 3; bool cached = 4; Timestamp started = 5; string error = 7; }
     message VertexLog { string vertex = 1; Timestamp timestamp = 2; int64 stream = 3; bytes msg = 4; }
     message StatusResponse { repeated Vertex vertexes = 1; repeated VertexLog logs = 3; }`,
  )
  .root.lookupType('StatusResponse')

function linesOf(...statuses: object[]): string[] {
  const lines: string[] = []
  const log = createBuildkitLog((line) => lines.push(line))
  for (const status of statuses) log.write(Buffer.from(Status.encode(status).finish()).toString('base64'))
  log.end()
  return lines
}

const output = (vertex: string, stream: number, msg: Uint8Array) => ({
  logs: [{ vertex, stream, msg, timestamp: { seconds: 1_700_000_000, nanos: 5 } }],
})

it('tells each step once, whether it was cached, and its error', () => {
  const step = { digest: 'sha256:a', name: '[2/2] COPY code/ /app/' }
  const lines = linesOf(
    { vertexes: [{ digest: 'sha256:i', name: '[internal] load remote build context' }] },
    { vertexes: [{ ...step, started: { seconds: 1 } }] },
    { vertexes: [{ ...step, cached: true }] },
    {
      vertexes: [
        { ...step, cached: true },
        { digest: 'sha256:b', name: 'RUN', error: 'exit code: 100' },
      ],
    },
  )
  expect(lines).toEqual(['[2/2] COPY code/ /app/', '[2/2] COPY code/ /app/: cached', 'RUN', 'ERROR: exit code: 100'])
})

it('joins lines by step and stream, though chunks cut them, and characters, anywhere', () => {
  const text = Buffer.from('größer\n')
  const lines = linesOf(
    output('a', 1, text.subarray(0, 3)),
    output('a', 2, Buffer.from('warn')),
    output('b', 1, Buffer.from('other step\n')),
    output('a', 1, text.subarray(3)),
    output('a', 2, Buffer.from('ing\nlast')),
  )
  expect(lines).toEqual(['other step', 'größer', 'warning', 'last'])
})
