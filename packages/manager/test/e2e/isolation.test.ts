import { randomUUID } from 'node:crypto'
import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probe } from './probe.ts'
import { stack } from './stack.ts'

const docker = new Docker()

const addressIn = async (service: string, network: string) => {
  const { NetworkSettings } = await docker.getContainer(`${stack.project}-${service}-1`).inspect()
  const address = NetworkSettings.Networks[network]?.IPAddress
  if (!address) throw new Error(`${service} has no address in ${network}`)
  return address
}

const everyAddress = (addresses: string[], result: string) => Object.fromEntries(addresses.map((a) => [a, result]))

describe.each([
  ['an app without internet', true],
  ['an app with internet', false],
])('%s', (_name, isInternal) => {
  const network = `rsp-net-${randomUUID()}`
  const inStack = (name: string) => `${stack.project}_${name}`
  let listening: string[]
  let refused: string[]
  let neighbour: string

  beforeAll(async () => {
    const subnet = isInternal ? `${stack.networkPrefix}.254.0/27` : `${stack.networkPrefix}.254.32/27`
    const IPAM = { Driver: 'default', Config: [{ Subnet: subnet }] }
    const created = await docker.createNetwork({ Name: network, Internal: isInternal, Labels: stack.labels, IPAM })
    const traefik = docker.getContainer(`${stack.project}-traefik-1`)
    await created.connect({ Container: traefik.id })
    const leg = await addressIn('traefik', network)
    const gateway = leg.replace(/\d+$/, isInternal ? '1' : '33')
    const [edge, control, manager, postgres, socketProxy] = await Promise.all([
      addressIn('traefik', inStack('edge')),
      addressIn('traefik', inStack('control')),
      addressIn('manager', inStack('control')),
      addressIn('postgres', inStack('control')),
      addressIn('socket-proxy', inStack('engine')),
    ])
    listening = [
      `${edge}:80`,
      `${edge}:443`,
      `${edge}:8881`,
      `${control}:8081`,
      `${manager}:3000`,
      `${postgres}:5432`,
      `${socketProxy}:2375`,
    ]
    const atLeg = [80, 443, 2375, 3000, 8081, 8881].map((port) => `${leg}:${port}`)
    const atGateway = [2375, 3000, 5432, 8081, stack.webPort, stack.traefikPort].map((port) => `${gateway}:${port}`)
    refused = [...listening, ...atLeg, ...atGateway, `${await addressIn('manager', inStack('out'))}:3000`]
    neighbour = await startNeighbour(network)
  })

  afterAll(async () => {
    const left = await docker.listContainers({ all: true, filters: { network: [network] } })
    for (const { Id, Names } of left) {
      if (Names.some((name) => name.startsWith(`/${network}`))) await docker.getContainer(Id).remove({ force: true })
      else await docker.getNetwork(network).disconnect({ Container: Id, Force: true })
    }
    await docker.getNetwork(network).remove()
  })

  it('is asked about addresses that do answer: from their own networks each accepts', async () => {
    const [first, ...others] = ['control', 'edge', 'engine'].map(inStack)
    if (!first) throw new Error('no network')
    expect(await probe([first, ...others], listening)).toEqual(everyAddress(listening, 'open'))
  })

  it('reaches a neighbour in its own network, so the probe can connect', async () => {
    expect(await probe([network], [neighbour])).toEqual(everyAddress([neighbour], 'open'))
  })

  it("reaches nothing of Traefik's own, the manager, the database, the socket proxy", async () => {
    expect(await probe([network], refused)).toEqual(everyAddress(refused, 'closed'))
  })
})

async function startNeighbour(network: string) {
  const container = await docker.createContainer({
    name: `${network}-neighbour`,
    Image: 'node:24-slim',
    Cmd: ['node', '-e', 'require("node:http").createServer((_, response) => response.end()).listen(8080)'],
    Labels: stack.labels,
    HostConfig: { NetworkMode: network },
  })
  await container.start()
  const { NetworkSettings } = await container.inspect()
  return `${NetworkSettings.Networks[network]?.IPAddress}:8080`
}
