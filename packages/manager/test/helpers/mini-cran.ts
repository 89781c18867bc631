import { randomUUID } from 'node:crypto'
import type Dockerode from 'dockerode'

export interface MiniCran extends AsyncDisposable {
  repository: string
  extraHosts: string[]
}

/** The repository that the test run serves (R_REPOSITORY), or a container of our own that serves the folder of the mini CRAN. */
export async function openMiniCran(docker: Dockerode, folder: string): Promise<MiniCran> {
  const { R_REPOSITORY: repository, BUILD_EXTRA_HOSTS: hosts = '' } = process.env
  if (repository)
    return {
      repository,
      extraHosts: hosts.split(/[ ,]+/).filter(Boolean),
      [Symbol.asyncDispose]: async () => undefined,
    }
  const { IPAM } = await docker.getNetwork('bridge').inspect()
  const gateway = IPAM?.Config?.[0]?.Gateway ?? ''
  const server = new URL('../../../../scripts/offline/cran-server.js', import.meta.url).pathname
  const container = await docker.createContainer({
    name: `rsp-test-cran-${randomUUID().slice(0, 8)}`,
    Image: 'node:24-slim',
    Cmd: ['node', '/cran-server.js'],
    Labels: { 'rserve-proxy.test': 'image-builder' },
    ExposedPorts: { '8080/tcp': {} },
    HostConfig: {
      Binds: [`${folder}:/cran:ro`, `${server}:/cran-server.js:ro`],
      PortBindings: { '8080/tcp': [{ HostIp: gateway, HostPort: '' }] },
    },
  })
  await container.start()
  const { NetworkSettings } = await container.inspect()
  const port = NetworkSettings.Ports['8080/tcp']?.[0]?.HostPort
  return {
    repository: `http://cran.test:${port}`,
    extraHosts: ['cran.test:host-gateway'],
    [Symbol.asyncDispose]: () => container.remove({ force: true, v: true }),
  }
}
