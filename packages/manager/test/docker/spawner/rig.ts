import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import Docker from 'dockerode'
import { pack } from 'tar-stream'
import { until } from '../../../src/spawner/contract-steps.ts'

export const instance = '5c6f2d0e-c0de-4000-8000-00000000000c'
export const otherInstance = '5c6f2d0e-c0de-4000-8000-00000000000d'
/** Ranges of this file alone; the development stack and its tests have others. */
export const edgeSubnet = '10.217.0.0/24'
export const edgeAddress = '10.217.0.2'
const edgeNetwork = 'rsp-c-edge'
export const appsUrl = `http://${edgeAddress}:8080`
const testLabel = 'rserve-proxy.test=spawner'
export const testImages = { plain: 'rsp-c-app:plain', labelled: 'rsp-c-app:labelled' }
const label = { 'rserve-proxy.test': 'spawner' }

export const docker = new Docker()
export const traefik = { url: `http://${edgeAddress}:8081`, user: 'manager', password: randomBytes(32).toString('hex') }

/** Removes what this run or a killed earlier one has made. */
export async function sweep() {
  for (const filter of [
    testLabel,
    `rserve-proxy.io/instance=${instance}`,
    `rserve-proxy.io/instance=${otherInstance}`,
  ]) {
    const filters = { label: [filter] }
    const containers = await docker.listContainers({ all: true, filters })
    await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })))
    const networks = await docker.listNetworks({ filters: JSON.stringify(filters) })
    await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove()))
  }
  // The later one is built on the earlier.
  for (const name of [testImages.labelled, testImages.plain]) {
    await docker.getImage(name).remove({ force: true }).catch(tolerateMissing)
  }
}

function tolerateMissing(error: unknown) {
  if (Object(error).statusCode !== 404) throw error
}

/** The proxy as the stack runs it, less the socket proxy: here it reads the engine's socket itself. */
export async function startTraefik() {
  await docker.createNetwork({
    Name: edgeNetwork,
    IPAM: { Driver: 'default', Config: [{ Subnet: edgeSubnet }] },
    Labels: label,
  })
  const digest = createHash('sha1').update(traefik.password).digest('base64')
  const container = await docker.createContainer({
    name: 'rsp-c-traefik',
    Image: 'traefik:v3.7.15',
    Cmd: [
      '--global.checknewversion=false',
      '--log.level=INFO',
      '--providers.docker=true',
      '--providers.docker.exposedbydefault=false',
      `--providers.docker.constraints=Label(\`rserve-proxy.io/instance\`,\`${instance}\`)`,
      '--providers.providersthrottleduration=200ms',
      '--providers.file.filename=/transports.yml',
      `--entrypoints.web.address=${edgeAddress}:8080`,
      '--entrypoints.web.http.sanitizepath=true',
      `--entrypoints.control.address=${edgeAddress}:8081`,
      '--serverstransport.maxidleconnsperhost=-1',
      '--serverstransport.forwardingtimeouts.dialtimeout=2s',
      '--api=true',
    ],
    Labels: {
      ...label,
      'rserve-proxy.io/instance': instance,
      'rserve-proxy.io/role': 'proxy',
      'traefik.enable': 'true',
      'traefik.http.routers.api.rule': `Host(\`${edgeAddress}\`)`,
      'traefik.http.routers.api.entrypoints': 'control',
      'traefik.http.routers.api.service': 'api@internal',
      'traefik.http.routers.api.middlewares': 'api-auth',
      'traefik.http.middlewares.api-auth.basicauth.users': `manager:{SHA}${digest}`,
      'traefik.http.services.unused.loadbalancer.server.port': '1',
    },
    HostConfig: { NetworkMode: edgeNetwork, Binds: ['/var/run/docker.sock:/var/run/docker.sock:ro'] },
    NetworkingConfig: { EndpointsConfig: { [edgeNetwork]: { IPAMConfig: { IPv4Address: edgeAddress } } } },
  })
  const transports = 'http:\n  serversTransports:\n    pooled:\n      maxIdleConnsPerHost: 50\n'
  await container.putArchive(await tar({ 'transports.yml': transports }), { path: '/' })
  await container.start()
  await until(
    () => statusOf(`${appsUrl}/nothing`),
    (status) => status === 404,
  )
  // The API is one of the routes that Traefik reads from its own labels.
  await until(
    () => statusOf(traefik.url),
    (status) => status === 401,
  )
}

const statusOf = (url: string) =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  )

export async function buildTestImage(name: string, extraLines = ''): Promise<string> {
  const folder = join(import.meta.dirname, 'app')
  const context = await tar({
    Dockerfile: `${await readFile(join(folder, 'Dockerfile'), 'utf8')}${extraLines}\n`,
    'server.mjs': await readFile(join(folder, 'server.mjs'), 'utf8'),
  })
  const stream: AsyncIterable<unknown> = await docker.buildImage(Readable.from([context]), {
    t: name,
    labels: label,
    rm: true,
  })
  const output = (await Array.fromAsync(stream)).join('')
  if (!output.includes('Successfully tagged')) throw new Error(`the test image was not built:\n${output}`)
  return (await docker.getImage(name).inspect()).Id
}

async function tar(files: Record<string, string>): Promise<Buffer> {
  const archive = pack()
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content)
  archive.finalize()
  return buffer(archive)
}

/** States and last output of everything of this installation, for the report of a failed test. */
export async function describeState(): Promise<string> {
  const filters = { label: [`rserve-proxy.io/instance=${instance}`] }
  const containers = await docker.listContainers({ all: true, filters })
  const parts = containers.map(async ({ Id, Names, State, Status }) => {
    const log = await docker.getContainer(Id).logs({ stdout: true, stderr: true, tail: 20 })
    return `${Names[0]}: ${State}, ${Status}\n${log.toString('latin1').replace(/[^\n -~]/g, '')}`
  })
  return (await Promise.all(parts)).join('\n')
}
