import { createHash } from 'node:crypto'
import { appSubnet } from '../domain/subnet.ts'
import type { AppRow } from '../repositories/apps.ts'
import type { ReleaseRow } from '../repositories/releases.ts'
import { routeSpec } from '../routing/route-spec.ts'
import { networkName } from '../spawner/network-name.ts'
import type { WorkloadSpec } from '../spawner/spawner.ts'
import type { Platform } from './platform.ts'

export const APP_PORT = 6311
const defaults = { memoryBytes: 2 ** 30, cpus: 1, pids: 256, openRequests: 200 }

/** The complete spec of a release at a generation. Stored when the rollout begins, then never derived again. */
export function workloadSpec(platform: Platform, app: AppRow, release: ReleaseRow, generation: number): WorkloadSpec {
  const { settings } = release
  const shape = {
    image: release.imageId,
    env: environment(settings),
    resources: {
      memoryBytes: memoryLimitOf(settings),
      cpuMillis: Math.round((settings.resources.cpus ?? defaults.cpus) * 1_000),
      pids: settings.resources.pids ?? defaults.pids,
    },
    port: APP_PORT,
    probe: {
      command: ['/rserve/probe.sh', 'health'],
      intervalMs: 5_000,
      startIntervalMs: 100,
      timeoutMs: 6_000,
      retries: 3,
      startBudgetMs: settings.startTimeoutSeconds * 1_000,
    },
    rollout: { deadlineMs: settings.startTimeoutSeconds * 1_000, bakeMs: platform.bakeMs },
    drain: { limitMs: settings.drainSeconds * 1_000 },
    network: {
      name: networkName(app.id, settings.egress),
      subnet: appSubnet(platform.networkBase, app.subnetIndex, settings.egress),
      egress: settings.egress,
    },
  }
  const identity = { appId: app.id, slug: app.slug, release: release.number, generation, replicas: app.replicas }
  return { ...identity, ...shape, specHash: hash(shape), route: routeOf(platform, settings.reuseConnections) }
}

export const memoryLimitOf = ({ resources }: Pick<ReleaseRow['settings'], 'resources'>) =>
  resources.memoryBytes ?? defaults.memoryBytes

function environment({ mode, entryScript }: ReleaseRow['settings']): Record<string, string> {
  return {
    HOME: '/tmp/home',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    RSP_MODE: mode,
    RSP_PORT: String(APP_PORT),
    RSP_ENTRY: `/app/${entryScript}`,
  }
}

const routeOf = (platform: Platform, reuseConnections: boolean) =>
  routeSpec({
    hosts: platform.appHosts,
    entryPoint: platform.entryPoint,
    limits: { openRequests: defaults.openRequests },
    sandbox: platform.isSingleOrigin,
    reuseConnections,
    ...(platform.standIn && { standIn: platform.standIn }),
  })

const hash = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
