import { docker } from './engine-facts.ts'
import { stack } from './stack.ts'

// Runs inside the probe: which of the addresses accept a connection. Dropped packets look like a silent host.
const probeScript = `
const { connect } = require('node:net')
const attempt = (address) => new Promise((resolve) => {
  const [host, port] = address.split(':')
  const socket = connect({ host, port: Number(port), timeout: 1500 })
  const end = (result) => { socket.destroy(); resolve([address, result]) }
  socket.once('connect', () => end('open')).once('timeout', () => end('closed')).once('error', () => end('closed'))
})
Promise.all(process.argv.slice(1).map(attempt)).then((all) => console.log(JSON.stringify(Object.fromEntries(all))))`

/** Connects from a container that stands in `networks`, as an app does: no capability, no root, no socket. */
export async function probe(networks: [string, ...string[]], addresses: string[]): Promise<Record<string, string>> {
  const container = await docker.createContainer({
    Image: 'node:24-slim',
    Cmd: ['node', '-e', probeScript, ...addresses],
    Labels: stack.labels,
    User: '10001:10001',
    HostConfig: {
      NetworkMode: networks[0],
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
    },
  })
  try {
    for (const name of networks.slice(1)) await docker.getNetwork(name).connect({ Container: container.id })
    await container.start()
    await container.wait()
    const output = await container.logs({ stdout: true, stderr: true })
    return JSON.parse(output.subarray(8).toString()) // one frame: 8 bytes of header, then the line
  } finally {
    await container.remove({ force: true })
  }
}
