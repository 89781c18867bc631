import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../../src/spawner/contract-steps.ts'
import { docker, outputOf } from './engine-facts.ts'
import { probe } from './probe.ts'
import { stack } from './stack.ts'

// What apps and builds may reach. Every address here belongs to a host of the test, and answers.

const privateHost = '10.99.0.10:80'
const metadataHost = '169.254.169.254:80'
/** Stands for the internet: an address for documentation, which nobody has. */
const internetHost = '203.0.113.10:80'
const server = createServer((_request, response) => response.end('the machine itself'))
const networks: string[] = []
let hosts: string | undefined
/** Ports of this machine, at its own address and at the gateway of the network that asks. */
let onMachine: string[]

beforeAll(async () => {
  await startTestHosts()
  server.listen(0, '0.0.0.0')
  await once(server, 'listening')
  onMachine = [`${ownAddress()}:${portOf(server.address())}`]
  for (const address of [privateHost, metadataHost, internetHost, ...onMachine])
    await until(
      () => statusOf(address),
      (status) => status === 200,
    )
})
afterAll(async () => {
  server.close()
  if (hosts) await docker.getContainer(hosts).remove({ force: true })
  for (const name of networks) await docker.getNetwork(name).remove()
})

const everywhere = (gateway: string) => [
  privateHost,
  metadataHost,
  internetHost,
  ...onMachine,
  `${gateway}:${portOf(server.address())}`,
]
const all = (addresses: string[], result: 'open' | 'closed') =>
  Object.fromEntries(addresses.map((one) => [one, result]))

describe('the packet filter', () => {
  it('leaves others alone: from a network that is not ours everything answers', async () => {
    const { name, gateway } = await network('5.0/27', { internal: false, prefix: 'rsp-other' })
    expect(await probe([name], everywhere(gateway))).toEqual(all(everywhere(gateway), 'open'))
  })

  it('lets an app reach the internet, and neither the machine nor what is behind it', async () => {
    const { name, gateway } = await network('253.0/27', { internal: false })
    const expected = { ...all(everywhere(gateway), 'closed'), [internetHost]: 'open' }
    expect(await probe([name], everywhere(gateway))).toEqual(expected)
  })

  it('lets an app without egress reach nothing', async () => {
    const { name, gateway } = await network('253.32/27', { internal: true })
    expect(await probe([name], everywhere(gateway))).toEqual(all(everywhere(gateway), 'closed'))
  })

  it('lets a build reach the internet, and neither the machine nor what is behind it', async () => {
    const name = `${stack.project}_build`
    const gateway = `${stack.networkPrefix}.4.1`
    const expected = { ...all(everywhere(gateway), 'closed'), [internetHost]: 'open' }
    expect(await probe([name], everywhere(gateway))).toEqual(expected)
  })

  it('lets neither an app nor a build reach the replica of another app', async () => {
    const { name } = await network('253.96/27', { internal: false })
    const { name: other } = await network('253.128/27', { internal: false })
    const listener = await docker.createContainer({
      Image: 'node:24-slim',
      Cmd: ['node', '-e', 'require("node:http").createServer((_, response) => response.end()).listen(6311)'],
      Labels: stack.labels,
      HostConfig: { NetworkMode: other },
    })
    await listener.start()
    try {
      const { NetworkSettings } = await listener.inspect()
      const replica = `${NetworkSettings.Networks[other]?.IPAddress}:6311`
      await until(
        () => probe([other], [replica]),
        (seen) => seen[replica] === 'open',
      )
      expect(await probe([name], [replica])).toEqual(all([replica], 'closed'))
      expect(await probe([`${stack.project}_build`], [replica])).toEqual(all([replica], 'closed'))
    } finally {
      await listener.remove({ force: true })
    }
  })

  it("stands again when an engine's restart has emptied its chain", async () => {
    const check = () => outputOf('firewall', ['bash', '-c', 'firewall check && echo stands || echo fallen'])
    await outputOf('firewall', ['firewall', 'down'])
    await expect.poll(check, { timeout: 15_000, interval: 500 }).toContain('stands')
    const { name, gateway } = await network('253.64/27', { internal: false })
    expect(await probe([name], [privateHost, `${gateway}:${portOf(server.address())}`])).toEqual(
      all([privateHost, `${gateway}:${portOf(server.address())}`], 'closed'),
    )
  })
})

async function startTestHosts() {
  const folder = join(import.meta.dirname, 'test-hosts')
  const label = Object.entries(stack.labels).map(([key, value]) => `${key}=${value}`)
  const built = await promisify(execFile)('docker', ['build', '--quiet', '--label', `${label}`, folder])
  const addresses = [privateHost, metadataHost, internetHost].map((address) => address.split(':')[0] ?? '')
  const container = await docker.createContainer({
    Image: built.stdout.trim(),
    Cmd: [`${stack.networkPrefix}.6`, ...addresses],
    Labels: stack.labels,
    HostConfig: { Privileged: true, NetworkMode: 'host' },
  })
  await container.start()
  hosts = container.id
  // Not one packet before the routes stand: the addresses may be somebody's out there.
  const output = async () => (await container.logs({ stdout: true, stderr: true })).toString()
  await until(output, (text) => text.includes('ready'))
}

async function network(subnet: string, { internal, prefix = 'rsp-net' }: { internal: boolean; prefix?: string }) {
  const name = `${prefix}-${randomUUID()}`
  const Subnet = `${stack.networkPrefix}.${subnet}`
  const IPAM = { Driver: 'default', Config: [{ Subnet }] }
  await docker.createNetwork({ Name: name, Internal: internal, Labels: stack.labels, IPAM })
  networks.push(name)
  const first = Subnet.replace(/\/.*/, '').replace(/\d+$/, (last) => String(Number(last) + 1))
  return { name, gateway: first }
}

const statusOf = (address: string) =>
  fetch(`http://${address}/`, { signal: AbortSignal.timeout(1_000) }).then(
    ({ status }) => status,
    (error: Error) => String(error.cause ?? error),
  )

function portOf(address: AddressInfo | string | null) {
  if (typeof address !== 'object' || !address) throw new Error('not listening on a port')
  return address.port
}

/** By which others know this machine: not a bridge of Docker's, not the link to the test hosts. */
function ownAddress() {
  const found = Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    /^(lo|docker|br-|veth|rsp-)/.test(name) ? [] : (list ?? []).filter(({ family }) => family === 'IPv4'),
  )
  const address = found[0]?.address
  if (!address) throw new Error('this machine has no address of its own')
  return address
}
