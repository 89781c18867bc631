// Forked by bench/access.ts: the whole manager with the fake engine and the embedded database, or a bare Fastify route.
// Says its port, and answers every message with what it has used since the last one.
import { randomUUID } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import Fastify, { type FastifyInstance } from 'fastify'
import { loadConfig } from '../../packages/manager/src/config.ts'
import { openDatabase } from '../../packages/manager/src/db/open.ts'
import { wire } from '../../packages/manager/src/wire.ts'

export interface Usage {
  cpuMicros: number
  /** Of the event loop, in ms. */
  delayP99: number
  delayMax: number
}

const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()
let before = process.cpuUsage()

const server = process.argv[2] === 'bare' ? bare() : await manager()
await server.listen({ host: '127.0.0.1', port: 0 })
const address = server.server.address()
process.send?.({ port: typeof address === 'object' ? address?.port : 0 })
process.on('message', () => {
  const { user, system } = process.cpuUsage(before)
  before = process.cpuUsage()
  const usage: Usage = { cpuMicros: user + system, delayP99: delay.percentile(99) / 1e6, delayMax: delay.max / 1e6 }
  delay.reset()
  process.send?.(usage)
})

function bare() {
  const fastify = Fastify()
  const user = { id: randomUUID(), username: 'admin', displayName: null, role: 'admin' }
  fastify.get('/api/auth/me', async () => ({ user, email: null, via: 'token', scopes: ['read'], singleOrigin: true }))
  return fastify
}

async function manager(): Promise<FastifyInstance> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rsp-bench-'))
  const config = loadConfig({
    MANAGER_URL: 'http://localhost:8880',
    APPS_URL: 'http://localhost:8880',
    ALLOW_SINGLE_ORIGIN: 'true',
    INSTALLATION_ID: randomUUID(),
    DATA_DIR: dataDir,
    SESSION_SECRET: randomUUID() + randomUUID(),
    SECRETS_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    COOKIE_SECURE: 'false',
    SPAWNER: 'fake',
    TRUSTED_PROXY: '127.0.0.1',
    REQUESTS_PER_MINUTE: '1000000',
  })
  const database = await openDatabase({ dataDir })
  const log = Fastify({
    logger: { level: 'warn', stream: { write: (line: string) => void process.send?.({ line }) } },
  }).log
  const { server: made, start } = await wire({ config, log, database })
  await start()
  return made
}
