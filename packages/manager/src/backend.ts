import type { FastifyBaseLogger } from 'fastify'
import type { Config } from './config.ts'
import type { RolloutPhase } from './loops/crash-point.ts'
import { traefikLabels } from './routing/traefik-labels.ts'
import type { ImageBuilder } from './spawner/image-builder.ts'
import type { Spawner } from './spawner/spawner.ts'

export interface Backend {
  spawner: Spawner
  builder: ImageBuilder
}

/** Told after each act of a rollout on the engine. */
type AtPhase = (phase: RolloutPhase) => Promise<void>

/** Where apps are built and run. Loaded when chosen: each side costs time and memory that the other need not pay. */
export async function openBackend(config: Config, log: FastifyBaseLogger, at: AtPhase): Promise<Backend> {
  return config.SPAWNER === 'fake' ? fakeBackend(config) : dockerBackend(config, log, at)
}

async function fakeBackend({ INSTALLATION_ID }: Config): Promise<Backend> {
  const { createFakeEngine } = await import('./spawner/fake/fake-engine.ts')
  const { createFakeSpawner } = await import('./spawner/fake/fake-spawner.ts')
  const { createFakeImageBuilder } = await import('./spawner/fake/fake-image-builder.ts')
  const engine = createFakeEngine({ startMs: 1_000 })
  return {
    spawner: createFakeSpawner({ engine, instance: INSTALLATION_ID }),
    builder: createFakeImageBuilder({ engine }),
  }
}

async function dockerBackend(config: Config, log: FastifyBaseLogger, at: AtPhase): Promise<Backend> {
  const { default: Docker } = await import('dockerode')
  const { createDockerSpawner } = await import('./spawner/docker/docker-spawner.ts')
  const { createDockerImageBuilder } = await import('./spawner/docker/image/docker-image-builder.ts')
  const docker = new Docker()
  const instance = config.INSTALLATION_ID
  const traefik = {
    url: config.TRAEFIK_API_URL ?? '',
    user: config.TRAEFIK_API_USER,
    password: config.TRAEFIK_API_PASSWORD ?? '',
  }
  return {
    spawner: createDockerSpawner({
      docker,
      instance,
      traefik,
      routeLabels: traefikLabels,
      dataDir: config.DATA_DIR,
      at,
      log,
    }),
    builder: createDockerImageBuilder({
      docker,
      instance,
      network: config.BUILD_NETWORK,
      repository: config.R_REPOSITORY,
      extraHosts: config.BUILD_EXTRA_HOSTS,
      limits: { memoryBytes: config.BUILD_MEMORY_MB * 2 ** 20, cpus: config.BUILD_CPUS, pids: 512 },
      caches: { maxBytes: config.BUILD_CACHE_MB * 2 ** 20, maxAgeMs: 30 * 24 * 3_600_000 },
      log,
    }),
  }
}
