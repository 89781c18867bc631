import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Docker from 'dockerode'
import { failureFromLog } from '../../src/domain/failure-from-log.ts'
import { hashTree } from '../../src/sources/revision.ts'
import {
  createDockerImageBuilder,
  type DockerImageBuilderOptions,
} from '../../src/spawner/docker/image/docker-image-builder.ts'
import type { BuildEvents, BuildInput, ImageBuilder } from '../../src/spawner/image-builder.ts'

const never = new AbortController().signal

export interface BuilderBench extends AsyncDisposable {
  docker: Docker
  instance: string
  appId: string
  builder(options?: Partial<DockerImageBuilderOptions>): ImageBuilder
  code(files: Record<string, string>): Promise<Pick<BuildInput, 'codeDir' | 'revisionHash'>>
  input(of: Pick<BuildInput, 'codeDir' | 'revisionHash'> & Partial<BuildInput>): BuildInput
  /** Output of a command in a container of an image. */
  runIn(image: string, command: string[]): Promise<string>
  buildContainers(): Promise<Docker.ContainerInfo[]>
}

/** A builder on the real engine with an installation id of its own; everything it made is removed. */
export async function openBuilderBench(cran: {
  repository: string | undefined
  extraHosts: string[]
}): Promise<BuilderBench> {
  const docker = new Docker()
  const [instance, appId] = [randomUUID(), randomUUID()]
  const home = await mkdtemp(join(tmpdir(), 'rsp-builder-'))
  const ours = `rserve-proxy.io/instance=${instance}`
  const log = { error: console.error, warn: console.warn, info: () => undefined, debug: () => undefined }
  const caches = { maxBytes: 2 ** 40, maxAgeMs: 2 ** 40 }
  const limits = { memoryBytes: 2 ** 30, cpus: 2, pids: 512 }
  let folders = 0

  return {
    docker,
    instance,
    appId,
    builder: (options = {}) =>
      createDockerImageBuilder({ docker, instance, network: 'bridge', ...cran, limits, caches, log, ...options }),
    async code(files) {
      folders += 1
      const codeDir = join(home, `code-${folders}`)
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(codeDir, path)), { recursive: true })
        await writeFile(join(codeDir, path), text)
      }
      return { codeDir, revisionHash: (await hashTree(codeDir, never)).hash }
    },
    input: (of) => ({
      buildId: randomUUID(),
      appId,
      slug: 'builder-test',
      entryScript: 'app.R',
      serves: 'ocap',
      rVersion: '4.5.0',
      packages: listed(),
      held: undefined,
      systemPackages: [],
      ownerId: 'owner',
      mode: 'reuse',
      ...of,
    }),
    async runIn(image, command) {
      // A terminal gives one plain stream instead of two in frames.
      const body = { Image: image, Entrypoint: command, Tty: true, Labels: { [ours.split('=')[0] ?? '']: instance } }
      const container = await docker.createContainer(body)
      try {
        await container.start()
        await container.wait()
        const output = await container.logs({ stdout: true, stderr: true })
        return output.toString('utf8').replaceAll('\r', '').trim()
      } finally {
        await container.remove({ force: true })
      }
    },
    buildContainers: () =>
      docker.listContainers({ all: true, filters: { label: [ours, 'rserve-proxy.io/role=builder'] } }),
    async [Symbol.asyncDispose]() {
      await rm(home, { recursive: true, force: true })
      for (const { Id } of await docker.listContainers({ all: true, filters: { label: [ours] } }))
        await docker.getContainer(Id).remove({ force: true, v: true })
      // A parent goes with its last child, so some are gone when their turn comes.
      for (const { Id } of await docker.listImages({ filters: { label: [ours] } }))
        await docker
          .getImage(Id)
          .remove({ force: true })
          .catch((error: unknown) => error)
      for (const { Name } of (await docker.listVolumes({ filters: { label: [ours] } })).Volumes)
        await docker.getVolume(Name).remove({ force: true })
    },
  }
}

/** What an app's list of packages asks for. */
export const listed = (...references: string[]) => ({ locked: [], references, mentioned: [] })

/** What people would read about a build that fails; throws what is no BuildFailed. */
export async function failureOf(building: Promise<unknown>) {
  const failed: unknown = await building.then(
    () => new Error('the build did not fail'),
    (error: unknown) => error,
  )
  if (!(failed instanceof Error && 'lastLines' in failed && Array.isArray(failed.lastLines))) throw failed
  const exitCode = 'exitCode' in failed && typeof failed.exitCode === 'number' ? { exitCode: failed.exitCode } : {}
  return failureFromLog({ lines: failed.lastLines.map(String), ...exitCode })
}

/** Remembers what a build said. */
export function recordEvents() {
  const lines: string[] = []
  const phases: string[] = []
  const events: BuildEvents = { line: (text) => lines.push(text), phase: (phase) => phases.push(phase) }
  return { lines, phases, events }
}
