import { Readable } from 'node:stream'
import type Dockerode from 'dockerode'
import { BuildFailed } from '../../image-builder.ts'
import { SpawnerError } from '../../spawner.ts'
import { engineStream } from '../engine-call.ts'
import { toSpawnerError } from '../errors.ts'
import { createBuildkitLog } from './buildkit-log.ts'
import { createLineSplitter, keepLastLines } from './lines.ts'

export interface ImageBuild {
  /** A tar with `Dockerfile` in it. */
  context: Readable
  buildArgs: Record<string, string>
  labels: Record<string, string>
  networkMode: 'default' | 'none'
  extraHosts: string[]
}

const lastLines = 200

/**
 * One build by BuildKit; answers the id of an image without a name. Dockerode's own `buildImage` opens a session for
 * registry passwords with every build, which it leaves open when a build is cancelled; we need none.
 */
export async function buildImage(
  docker: Dockerode,
  build: ImageBuild,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const kept = keepLastLines(lastLines, onLine)
  const log = createBuildkitLog(kept.line)
  const answers = await engineStream('build an image', signal, (abortSignal) => post(docker, build, abortSignal))
  let imageId: string | undefined
  let failure: string | undefined
  try {
    for await (const answer of messages(answers)) {
      if (answer.id === 'moby.buildkit.trace' && typeof answer.aux === 'string') log.write(answer.aux)
      if (answer.id === 'moby.image.id') imageId = idOf(answer.aux)
      if (typeof answer.error === 'string') failure = answer.error
    }
  } catch (error) {
    // A cancelled build ends as a broken connection.
    signal.throwIfAborted()
    throw toSpawnerError(error, 'read the build log')
  }
  log.end()
  if (failure !== undefined)
    throw new BuildFailed(failure, { lastLines: [...kept.lines, failure], ...exitCode(failure) })
  if (imageId === undefined) throw new SpawnerError('internal', 'the build ended without an image')
  return imageId
}

interface Message {
  id?: unknown
  aux?: unknown
  error?: unknown
}

function post(docker: Dockerode, build: ImageBuild, abortSignal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const options = {
    version: '2',
    networkmode: build.networkMode,
    buildargs: JSON.stringify(build.buildArgs),
    labels: JSON.stringify(build.labels),
    // An empty list is one host without a name.
    ...(build.extraHosts.length > 0 ? { extrahosts: build.extraHosts.join(',') } : {}),
    forcerm: true,
  }
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        path: '/build?',
        method: 'POST',
        file: build.context,
        options,
        abortSignal,
        isStream: true,
        statusCodes: { 200: true, 400: 'bad parameter', 500: 'server error' },
      },
      (error, answers) => {
        if (answers instanceof Readable) resolve(answers)
        else reject(error ?? new SpawnerError('internal', 'the engine answered a build without a log'))
      },
    )
  })
}

async function* messages(answers: AsyncIterable<Uint8Array>): AsyncGenerator<Message> {
  const complete: string[] = []
  const splitter = createLineSplitter((line) => complete.push(line), Number.POSITIVE_INFINITY)
  for await (const chunk of answers) {
    splitter.write(chunk)
    for (const line of complete.splice(0)) yield parse(line)
  }
  splitter.end()
  for (const line of complete) yield parse(line)
}

function parse(line: string): Message {
  if (line === '') return {}
  const message: unknown = JSON.parse(line)
  return typeof message === 'object' && message !== null ? message : {}
}

function idOf(aux: unknown): string | undefined {
  return typeof aux === 'object' && aux !== null && 'ID' in aux && typeof aux.ID === 'string' ? aux.ID : undefined
}

function exitCode(failure: string): { exitCode?: number } {
  const [, code] = /exit code: (\d+)/.exec(failure) ?? []
  return code === undefined ? {} : { exitCode: Number(code) }
}
