import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Docker from 'dockerode'
import { onTestFinished, vi } from 'vitest'

const docker = new Docker()
const label = 'rserve-proxy.test=launcher'

export const baseImage = 'rserve-base:4.5.0'

export const fixture = (name: string) => new URL(`./${name}/`, import.meta.url)

export async function requireBaseImage() {
  const images = await docker.listImages({ filters: { reference: [baseImage] } })
  if (images.length === 0) throw new Error(`${baseImage} is missing: run scripts/build-base 4.5.0 first`)
}

export async function removeLeftovers() {
  const left = await docker.listContainers({ all: true, filters: { label: [label] } })
  await Promise.all(left.map(({ Id }) => docker.getContainer(Id).remove({ force: true })))
}

export interface RContainer {
  ip: string
  url: string
  logs(): Promise<string>
  run(...argv: string[]): Promise<{ code: number | null; output: string }>
  probe(kind: string): Promise<string>
  health(): Promise<string | undefined>
  untilHealthy(): Promise<void>
  untilLogged(text: string): Promise<void>
  signal(name: 'SIGTERM' | 'SIGSTOP'): Promise<void>
  exit(): Promise<number>
}

export interface RContainerOptions {
  code?: URL
  env?: Record<string, string>
  health?: Docker.HealthConfig
}

/** Starts the base image as an app runs: hardened, with `code` at /app. Gone after the test; its log is shown on failure. */
export async function startR({ code, env = {}, health }: RContainerOptions = {}): Promise<RContainer> {
  const container = await docker.createContainer({
    Image: baseImage,
    Labels: Object.fromEntries([label.split('=')]),
    User: '10001:10001',
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    Healthcheck: health,
    HostConfig: {
      Binds: code ? [`${fileURLToPath(code)}:/app:ro`] : [],
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Tmpfs: { '/tmp': 'rw,nosuid,nodev,exec,size=256m,mode=1777' },
      Memory: 2 ** 30,
      PidsLimit: 256,
    },
  })
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') console.error(await readLogs(container))
    await container.remove({ force: true })
  })
  const exited = container.wait({ condition: 'next-exit' })
  await container.start()
  return describeContainer(container, exited)
}

export async function startReady(name: string, env: Record<string, string> = {}): Promise<RContainer> {
  const r = await startR({ code: fixture(name), env })
  await r.untilHealthy()
  return r
}

async function describeContainer(container: Docker.Container, exited: Promise<{ StatusCode: number }>) {
  const ip = (await container.inspect()).NetworkSettings.Networks.bridge?.IPAddress ?? ''
  const logs = () => readLogs(container)
  const run = (...argv: string[]) => execute(container, argv)
  const probe = async (kind: string) => {
    const { code, output } = await run('/rserve/probe.sh', kind)
    return code === 0 ? 'well' : output.trim()
  }
  const until = (holds: () => Promise<boolean>, what: string) =>
    vi.waitFor(
      async () => {
        if (!(await holds())) throw new Error(`not yet: ${what}`)
      },
      { timeout: 20_000, interval: 100 },
    )
  return {
    ip,
    url: `http://${ip}:6311`,
    logs,
    run,
    probe,
    health: async () => (await container.inspect()).State.Health?.Status,
    untilHealthy: () => until(async () => (await probe('health')) === 'well', 'healthy'),
    untilLogged: (text: string) => until(async () => (await logs()).includes(text), text),
    signal: async (name: string) => void (await container.kill({ signal: name })),
    exit: async () => {
      const late = sleep(30_000, undefined, { ref: false }).then((): never => {
        throw new Error('the container still runs')
      })
      return (await Promise.race([exited, late])).StatusCode
    },
  }
}

async function readLogs(container: Docker.Container): Promise<string> {
  return demultiplex(await container.logs({ stdout: true, stderr: true }))
}

async function execute(container: Docker.Container, argv: string[]) {
  const exec = await container.exec({ Cmd: argv, AttachStdout: true, AttachStderr: true })
  const stream = await exec.start({})
  const output = demultiplex(Buffer.concat(await stream.toArray()))
  return { code: (await exec.inspect()).ExitCode, output }
}

// Frames of a header (stream, three zeros, length) and text.
function demultiplex(frames: Buffer): string {
  let text = ''
  for (let at = 0; at + 8 <= frames.length; ) {
    const end = at + 8 + frames.readUInt32BE(at + 4)
    text += frames.toString('utf8', at + 8, end)
    at = end
  }
  return text
}
