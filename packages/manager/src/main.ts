import closeWithGrace from 'close-with-grace'
import Fastify from 'fastify'
import { ConfigError, loadConfig } from './config.ts'
import { openDatabase } from './db/open.ts'
import { wire } from './wire.ts'

const EX_CONFIG = 78

// Nothing but this file ends the process.
await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(error instanceof ConfigError ? EX_CONFIG : 1)
})

async function main() {
  const config = loadConfig()
  const { log } = Fastify({
    logger: {
      level: config.LOG_LEVEL,
      redact: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.token'],
    },
  })
  const database = await openDatabase({
    url: config.DATABASE_URL,
    dataDir: config.DATA_DIR,
    migrates: config.DATABASE_MIGRATE,
    refuseSuperuser: true,
  })
  const manager = await wire({ config, log, database })

  const closing = closeWithGrace({ delay: 15_000, logger: log }, async ({ err }) => {
    if (err) log.error({ err }, 'uncaught error')
    await manager.close()
    await database[Symbol.asyncDispose]()
  })

  manager.cutOff.addEventListener('abort', () => {
    log.warn({}, 'the engine has another socket than the one that is mounted here: starting anew')
    closing.close()
  })

  await manager.server.listen({ host: config.HOST, port: config.PORT })
  await manager.start()
  log.info({ managerUrl: config.MANAGER_URL, spawner: config.SPAWNER }, 'manager started')
}
