import type { AppContainer } from '../../src/spawner/docker/app-container.ts'
import { containerName } from '../../src/spawner/docker/labels.ts'
import type { WorkloadSpec } from '../../src/spawner/spawner.ts'

export const appId = '3f2a9c41-7d0e-4b1a-9a55-0c9c52f1aa10'
export const networkName = `rsp-net-${appId}`

export const specOf = (generation: number, replicas: number): WorkloadSpec => ({
  appId,
  slug: 'hello',
  release: generation,
  generation,
  specHash: 'aaaaaaaaaaaaaaaa',
  image: `sha256:${'0'.repeat(64)}`,
  env: {},
  replicas,
  resources: { memoryBytes: 1024, cpuMillis: 1000, pids: 256 },
  port: 6311,
  probe: { command: ['true'], intervalMs: 1, startIntervalMs: 1, timeoutMs: 1, retries: 3, startBudgetMs: 1 },
  rollout: { deadlineMs: 60_000, bakeMs: 5_000 },
  drain: { limitMs: 600_000 },
  network: { name: networkName, subnet: '10.213.128.0/27', egress: 'internet' },
  route: {
    routeHash: 'bbbbbbbbbbbbbbbb',
    hosts: ['localhost'],
    entryPoint: 'web',
    limits: { openRequests: 200 },
    sandbox: true,
    reuseConnections: false,
  },
})

export const containerOf = (spec: WorkloadSpec, index: number, id: string): AppContainer => ({
  appId,
  slug: spec.slug,
  release: spec.release,
  generation: spec.generation,
  specHash: spec.specHash,
  routeHash: spec.route.routeHash,
  index,
  id,
  name: containerName(appId, spec.generation, index),
  state: 'created',
  health: 'starting',
  restarts: 0,
  startedAt: undefined,
  isPromoted: false,
  isStopping: false,
  isDraining: false,
  stopTimeoutSeconds: 15,
  routers: [`app-g${spec.generation}@docker`],
  services: [`app-g${spec.generation}@docker`],
  networks: {},
  address: `10.213.128.${spec.generation}-${index}`,
  isRouted: undefined,
  sessions: 0,
  exit: undefined,
})
