import { randomUUID } from 'node:crypto'
import { routeSpec } from '../../../src/routing/route-spec.ts'
import { traefikLabels } from '../../../src/routing/traefik-labels.ts'
import { createDockerSpawner } from '../../../src/spawner/docker/docker-spawner.ts'
import type { Spawner, WorkloadSpec } from '../../../src/spawner/spawner.ts'
import { docker, edgeAddress, instance, traefik } from './rig.ts'

export const log = { error: print, warn: print, info: () => undefined, debug: () => undefined }
function print(facts: object, message: string) {
  console.error(message, facts)
}

let subnets = 0

/** A new app of the test image, in a subnet of its own. */
export function newSpec(image: string, change: Partial<WorkloadSpec> = {}): WorkloadSpec {
  const appId = randomUUID()
  subnets += 1
  const offset = 128 * 256 + subnets * 32
  return {
    appId,
    slug: `app-${subnets}`,
    release: 1,
    generation: 1,
    specHash: 'aaaaaaaaaaaaaaaa',
    image,
    env: { APP_NAME: 'first' },
    replicas: 1,
    resources: { memoryBytes: 256 * 1024 * 1024, cpuMillis: 1000, pids: 256 },
    port: 6311,
    probe: {
      command: ['sh', '-c', 'test ! -e /tmp/.draining || { echo draining; exit 1; }; test -e /tmp/ready'],
      intervalMs: 1_000,
      startIntervalMs: 100,
      timeoutMs: 5_000,
      retries: 3,
      startBudgetMs: 30_000,
    },
    rollout: { deadlineMs: 60_000, bakeMs: 0 },
    drain: { limitMs: 3_000 },
    network: { name: `rsp-net-${appId}`, subnet: `10.217.${offset >> 8}.${offset & 255}/27`, egress: 'internet' },
    route: routeSpec({
      hosts: [edgeAddress],
      entryPoint: 'web',
      limits: { openRequests: 200 },
      sandbox: true,
      reuseConnections: false,
    }),
    ...change,
  }
}

/** A new app of the real base image, which serves R without any code. */
export async function realSpec(change: Partial<WorkloadSpec> = {}): Promise<WorkloadSpec> {
  const { Id } = await docker.getImage('rserve-base:4.5.0').inspect()
  return newSpec(Id, {
    probe: {
      command: ['/rserve/probe.sh', 'health'],
      intervalMs: 5_000,
      startIntervalMs: 100,
      timeoutMs: 6_000,
      retries: 3,
      startBudgetMs: 60_000,
    },
    resources: { memoryBytes: 1024 ** 3, cpuMillis: 1000, pids: 256 },
    env: { HOME: '/tmp/home', LANG: 'C.UTF-8', TZ: 'UTC' },
    ...change,
  })
}

/** The next generation, with another release. */
export const next = (spec: WorkloadSpec, change: Partial<WorkloadSpec> = {}): WorkloadSpec => ({
  ...spec,
  generation: spec.generation + 1,
  release: spec.release + 1,
  env: { APP_NAME: 'second' },
  ...change,
})

export function dockerSpawner(change: Partial<Parameters<typeof createDockerSpawner>[0]> = {}): Spawner {
  return createDockerSpawner({ docker, instance, traefik, routeLabels: traefikLabels, dataDir: '/', log, ...change })
}
