import protobuf from 'protobufjs'
import { createLineSplitter, type LineSplitter } from './lines.ts'

/** The fields of BuildKit's `control.proto` that a log needs. */
const StatusResponse = protobuf
  .parse(
    `syntax = "proto3";
     message Vertex { string digest = 1; string name = 3; bool cached = 4; string error = 7; }
     message VertexLog { string vertex = 1; int64 stream = 3; bytes msg = 4; }
     message StatusResponse { repeated Vertex vertexes = 1; repeated VertexLog logs = 3; }`,
  )
  .root.lookupType('StatusResponse')

interface Status {
  vertexes?: { digest?: string; name?: string; cached?: boolean; error?: string }[]
  logs?: { vertex?: string; stream?: number; msg?: Uint8Array }[]
}

/** Turns the engine's base64 status messages into lines: each step's name once, then its output. */
export function createBuildkitLog(onLine: (line: string) => void) {
  const splitters = new Map<string, LineSplitter>()
  const told = new Set<string>()

  function tellOnce(key: string, line: string) {
    if (told.has(key)) return
    told.add(key)
    onLine(line)
  }

  function splitterOf(step: string): LineSplitter {
    const splitter = splitters.get(step) ?? createLineSplitter(onLine)
    splitters.set(step, splitter)
    return splitter
  }

  return {
    write(base64: string) {
      const status: Status = StatusResponse.toObject(StatusResponse.decode(Buffer.from(base64, 'base64')), {
        longs: Number,
      })
      for (const { digest = '', name = '', cached, error } of status.vertexes ?? []) {
        // `[internal] …` is how BuildKit gets our own files.
        if (!name.startsWith('[internal]')) tellOnce(digest, name)
        if (cached) tellOnce(`cached ${digest}`, `${name}: cached`)
        if (error) tellOnce(`error ${digest}`, `ERROR: ${error}`)
      }
      for (const { vertex = '', stream = 0, msg } of status.logs ?? [])
        splitterOf(`${vertex} ${stream}`).write(msg ?? new Uint8Array())
    },
    end() {
      for (const splitter of splitters.values()) splitter.end()
    },
  }
}
