import { buffer } from 'node:stream/consumers'
import Docker from 'dockerode'
import { stack } from './stack.ts'

export const docker = new Docker()
export const managerContainer = docker.getContainer(`${stack.project}-manager-1`)

/** Everything on the engine that carries an app's label, by kind. */
export async function leftoversOf(appId: string) {
  const filters = { label: [`rserve-proxy.io/app-id=${appId}`] }
  const [containers, networks, images] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listImages({ filters }),
  ])
  return { containers: containers.length, networks: networks.length, images: images.length }
}

/** What a command prints inside a container of the stack. */
export async function outputOf(service: string, command: string[]): Promise<string> {
  const exec = await docker
    .getContainer(`${stack.project}-${service}-1`)
    .exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true })
  const stream = await exec.start({ Tty: true })
  return (await buffer(stream)).toString().trim()
}

export const rowsOf = (appId: string) =>
  outputOf('postgres', ['psql', '-U', 'rserve_proxy', '-Atc', `select count(*) from apps where id = '${appId}'`])
