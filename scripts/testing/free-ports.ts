// Prints as many free loopback ports as asked for.
// usage: node free-ports.ts COUNT
import { once } from 'node:events'
import { createServer } from 'node:net'

const servers = Array.from({ length: Number(process.argv[2]) }, () => createServer().listen(0, '127.0.0.1'))
await Promise.all(servers.map((server) => once(server, 'listening')))
const addresses = servers.map((server) => server.address())
for (const server of servers) server.close()
console.log(addresses.map((address) => (address && typeof address !== 'string' ? address.port : '')).join(' '))
