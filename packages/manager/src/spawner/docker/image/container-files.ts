import { Readable } from 'node:stream'
import type Dockerode from 'dockerode'
import { extract, pack } from 'tar-stream'
import { SpawnerError } from '../../spawner.ts'
import { engineCall, engineStream } from '../engine-call.ts'

const largestFile = 16 * 2 ** 20

/** Puts files and their folders into a container that need not run; paths are absolute. */
export async function putFiles(container: Dockerode.Container, files: Map<string, string>, signal: AbortSignal) {
  const packed = pack()
  for (const folder of foldersOf([...files.keys()])) packed.entry({ name: folder, type: 'directory', mode: 0o755 })
  for (const [path, content] of files) packed.entry({ name: path.slice(1), mode: 0o644 }, content)
  packed.finalize()
  await engineCall('put files into a container', signal, () =>
    container.putArchive(Readable.from(packed), { path: '/', abortSignal: signal }),
  )
}

/** A text file of a container, running or not. What the container ran may have put anything in its place. */
export async function readFile(container: Dockerode.Container, path: string, signal: AbortSignal): Promise<string> {
  const archive = await engineStream(`read ${path} of a container`, signal, (abortSignal) =>
    container.getArchive({ path, abortSignal }),
  )
  const entries = extract()
  entries.end(await collect(archive, path))
  for await (const entry of entries) {
    if (entry.header.type === 'file') return (await collect(entry, path)).toString('utf8')
    entry.resume()
  }
  throw new SpawnerError('internal', `${path} is no file`)
}

function foldersOf(paths: string[]): Set<string> {
  const folders = new Set<string>()
  for (const path of paths) {
    const parts = path.slice(1).split('/').slice(0, -1)
    for (const index of parts.keys()) folders.add(`${parts.slice(0, index + 1).join('/')}/`)
  }
  return folders
}

async function collect(stream: AsyncIterable<unknown>, path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) continue
    bytes += chunk.length
    if (bytes > largestFile) throw new SpawnerError('internal', `${path} is larger than a build script writes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
