import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../src/config.ts'
import type { Database } from '../../src/db/database.ts'
import { createFakeEngine, type FakeEngine } from '../../src/spawner/fake/fake-engine.ts'
import { createFakeImageBuilder } from '../../src/spawner/fake/fake-image-builder.ts'
import { createFakeSpawner } from '../../src/spawner/fake/fake-spawner.ts'
import { wire } from '../../src/wire.ts'
import { type SignedIn, signIn } from './signed-in.ts'
import { addUser, password, silentLog } from './test-server.ts'

const instance = '11111111-2222-4333-8444-555555555555'

export interface TestManager extends AsyncDisposable {
  url: string
  /** Label of this installation on the engine. */
  instance: string
  engine: FakeEngine
  builder: ReturnType<typeof createFakeImageBuilder>
  signIn(username: string): Promise<SignedIn>
}

interface TestManagerOptions {
  engine?: FakeEngine
  dataDir?: string
  elapsedMs?: () => number
  log?: typeof silentLog
  /** Settings that differ. */
  env?: Record<string, string>
  /** Hosts of git that only this test knows. */
  git?: { caFile: string; allowedHosts: string[]; resolve: (host: string) => Promise<string[]> }
}

/** The whole manager, listening, with its loops; only the engine is a fake that the test may break. */
export async function startTestManager(
  database: Database,
  { engine = createFakeEngine(), dataDir, elapsedMs, git, log = silentLog, env = {} }: TestManagerOptions = {},
): Promise<TestManager> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'rsp-manager-')))
  const config = loadConfig({
    MANAGER_URL: 'http://localhost:8880',
    APPS_URL: 'http://localhost:8880',
    INSTALLATION_ID: instance,
    DATA_DIR: folder,
    SESSION_SECRET: '0123456789abcdef0123456789abcdef',
    SECRETS_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    ALLOW_SINGLE_ORIGIN: 'true',
    COOKIE_SECURE: 'false',
    SPAWNER: 'fake',
    BAKE_SECONDS: '0',
    ...env,
    ...(git && { EXTRA_CA_FILE: git.caFile, GIT_ALLOWED_HOSTS: git.allowedHosts.join(',') }),
  })
  const builder = createFakeImageBuilder({ engine })
  const backend = { spawner: createFakeSpawner({ engine, instance }), builder }
  const manager = await wire({
    config,
    log,
    database,
    backend,
    ...(elapsedMs && { elapsedMs }),
    ...(git && { resolve: git.resolve }),
  })
  await manager.server.listen({ host: '127.0.0.1', port: 0 })
  await manager.start()
  const url = `http://127.0.0.1:${portOf(manager.server.server.address())}`
  return {
    url,
    instance,
    engine,
    builder,
    async signIn(username) {
      await addUser(database, username, username === 'admin' ? 'admin' : 'user')
      return signIn(url, username, password)
    },
    async [Symbol.asyncDispose]() {
      const closed = manager.close()
      // fetch keeps spare connections that have asked for nothing.
      manager.server.server.closeAllConnections()
      await closed
      if (!dataDir) await rm(folder, { recursive: true })
    },
  }
}

function portOf(address: AddressInfo | string | null) {
  if (typeof address !== 'object' || !address) throw new Error('not listening on a port')
  return address.port
}
