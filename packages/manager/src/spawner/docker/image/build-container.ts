import { Writable } from 'node:stream'
import type Dockerode from 'dockerode'
import { BuildFailed } from '../../image-builder.ts'
import { engineCall, engineStream } from '../engine-call.ts'
import { isGone, saysAny, tolerate, toSpawnerError } from '../errors.ts'
import type { Log } from '../log.ts'
import { putFiles } from './container-files.ts'
import { createLineSplitter, keepLastLines, type LineSplitter } from './lines.ts'

export interface BuildLimits {
  memoryBytes: number
  cpus: number
  pids: number
}

export interface BuildContainer {
  image: string
  command: string[]
  user: string
  labels: Record<string, string>
  files: Map<string, string>
  limits: BuildLimits
  /** `none` or the build network. */
  network: string
  extraHosts: string[]
  readOnly: boolean
  /** A volume for what packages may keep between builds. */
  cacheVolume?: { name: string; labels: Record<string, string> }
}

export interface EngineAccess {
  docker: Dockerode
  log: Log
}

const lastLines = 200
const removalMs = 60_000

/** Runs `use` with a fresh, limited container and removes it whatever happens; aborting kills what runs in it. */
export async function withBuildContainer<T>(
  { docker, log }: EngineAccess,
  spec: BuildContainer,
  signal: AbortSignal,
  use: (container: Dockerode.Container) => Promise<T>,
): Promise<T> {
  const body = containerBody(spec)
  const container = await engineCall('create a build container', signal, (abortSignal) => {
    // Without the split dockerode puts the whole body into the address too.
    const request = { _query: {}, _body: body, abortSignal }
    return docker.createContainer(request)
  })
  try {
    // A read-only container refuses even an empty archive.
    if (spec.files.size > 0) await putFiles(container, spec.files, signal)
    return await use(container)
  } finally {
    await remove(container).catch((error) =>
      log.warn({ error, containerId: container.id }, 'build container left over'),
    )
  }
}

/** Starts it and waits for its end; BuildFailed when that is not 0. */
export async function runToEnd(
  container: Dockerode.Container,
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const kept = keepLastLines(lastLines, onLine)
  const output = await engineStream('attach to a build container', signal, (abortSignal) =>
    container.attach({ stream: true, stdout: true, stderr: true, abortSignal }),
  )
  const hasEnded = readLines(container, output, kept.line)
  await engineCall('start a build container', signal, (abortSignal) => container.start({ abortSignal }))
  const exitCode = await waitForExit(container, signal)
  await hasEnded
  if (exitCode !== 0) throw new BuildFailed(`exit code ${exitCode}`, { lastLines: kept.lines, exitCode })
}

/** As long as it takes; the caller's signal is the deadline, and removal then kills what runs. */
async function waitForExit(container: Dockerode.Container, signal: AbortSignal): Promise<number> {
  try {
    const { StatusCode } = await container.wait({ abortSignal: signal })
    return StatusCode
  } catch (error) {
    signal.throwIfAborted()
    throw toSpawnerError(error, 'wait for a build container')
  }
}

function readLines(
  container: Dockerode.Container,
  output: NodeJS.ReadWriteStream,
  onLine: (line: string) => void,
): Promise<void> {
  const splitters = { stdout: createLineSplitter(onLine), stderr: createLineSplitter(onLine) }
  container.modem.demuxStream(output, sinkOf(splitters.stdout), sinkOf(splitters.stderr))
  return new Promise((resolve) => {
    const finish = () => {
      splitters.stdout.end()
      splitters.stderr.end()
      resolve()
    }
    for (const event of ['end', 'close', 'error']) output.on(event, finish)
  })
}

function sinkOf(splitter: LineSplitter): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      splitter.write(chunk)
      done()
    },
  })
}

function containerBody(spec: BuildContainer): Dockerode.ContainerCreateOptions {
  const { limits, cacheVolume } = spec
  return {
    Image: spec.image,
    Entrypoint: spec.command,
    User: spec.user,
    // R runs the .Rprofile of the folder it starts in.
    WorkingDir: '/',
    Labels: spec.labels,
    // No Env: a commit would copy it into the image.
    HostConfig: {
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: spec.readOnly,
      NetworkMode: spec.network,
      ExtraHosts: spec.extraHosts,
      Memory: limits.memoryBytes,
      MemorySwap: limits.memoryBytes,
      NanoCpus: Math.round(limits.cpus * 1e9),
      PidsLimit: limits.pids,
      OomScoreAdj: 500,
      LogConfig: { Type: 'none', Config: {} },
      Mounts: [
        // On a disk and not in memory: packages compile here. A volume stays out of the commit.
        { Type: 'volume', Source: '', Target: '/tmp' },
        ...(cacheVolume ? [mountOf(cacheVolume)] : []),
      ],
    },
  }
}

function mountOf({ name, labels }: NonNullable<BuildContainer['cacheVolume']>): Dockerode.MountSettings {
  const options = { NoCopy: false, Labels: labels, DriverConfig: { Name: 'local', Options: {} } }
  return { Type: 'volume', Source: name, Target: '/cache', VolumeOptions: options }
}

/** Also when the build was cancelled: with its own deadline, not the signal's. */
async function remove(container: Dockerode.Container) {
  const removing = engineCall(
    'remove a build container',
    AbortSignal.timeout(removalMs),
    (abortSignal) => container.remove({ force: true, v: true, abortSignal }),
    removalMs,
  )
  await tolerate(removing, (error) => isGone(error) || saysAny(/already in progress/)(error))
}
