import type Dockerode from 'dockerode'
import type { WorkloadSpec } from '../spawner.ts'
import { containerLabels } from './labels.ts'

/** `@types/dockerode` does not know CgroupnsMode yet. */
export interface ContainerBody extends Dockerode.ContainerCreateOptions {
  HostConfig: Dockerode.HostConfig & { CgroupnsMode: 'private' }
}

/**
 * What a stop leaves to open sessions: the drain before it is the manager's, who counts them. The supervisor ends by
 * itself after this; the engine waits a little longer before it kills.
 */
const stopGraceSeconds = 10
const stopMarginSeconds = 5
const nanosecondsPerMs = 1_000_000

/** The hardened template: the same for every app, nothing in it can be asked for from outside. */
export function containerSpec(
  spec: WorkloadSpec,
  { instance, index, routeLabels }: { instance: string; index: number; routeLabels: Record<string, string> },
): ContainerBody {
  return {
    Image: spec.image,
    User: '10001:10001',
    // Ours come last: an owner's variable cannot contradict the supervisor.
    Env: environment({ ...spec.env, RSP_PORT: String(spec.port), RSP_DRAIN: String(stopGraceSeconds) }),
    Labels: { ...routeLabels, ...containerLabels(spec, instance, index) },
    StopSignal: 'SIGTERM',
    StopTimeout: stopGraceSeconds + stopMarginSeconds,
    Healthcheck: healthcheck(spec.probe),
    HostConfig: hostConfig(spec),
  }
}

const environment = (variables: Record<string, string>) =>
  Object.entries(variables).map(([name, value]) => `${name}=${value}`)

function healthcheck(probe: WorkloadSpec['probe']): Dockerode.HealthConfig {
  return {
    Test: ['CMD', ...probe.command],
    Interval: probe.intervalMs * nanosecondsPerMs,
    Timeout: probe.timeoutMs * nanosecondsPerMs,
    Retries: probe.retries,
    StartPeriod: probe.startBudgetMs * nanosecondsPerMs,
    StartInterval: probe.startIntervalMs * nanosecondsPerMs,
  }
}

function hostConfig({ resources, network }: WorkloadSpec): ContainerBody['HostConfig'] {
  return {
    Privileged: false,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    ReadonlyRootfs: true,
    PublishAllPorts: false,
    NetworkMode: network.name,
    // The engine's default is noexec; R loads compiled code from here.
    Tmpfs: { '/tmp': 'rw,nosuid,nodev,exec,size=256m,mode=1777' },
    Memory: resources.memoryBytes,
    MemorySwap: resources.memoryBytes,
    NanoCpus: resources.cpuMillis * 1_000_000,
    PidsLimit: resources.pids,
    Ulimits: [
      { Name: 'nofile', Soft: 4096, Hard: 4096 },
      { Name: 'core', Soft: 0, Hard: 0 },
    ],
    ShmSize: 64 * 1024 * 1024,
    OomScoreAdj: 500,
    // An init in front would inherit the orphaned sessions, and our supervisor would count none.
    Init: false,
    IpcMode: 'private',
    CgroupnsMode: 'private',
    PidMode: '',
    UTSMode: '',
    UsernsMode: '',
    LogConfig: {
      Type: 'local',
      Config: { 'max-size': '10m', 'max-file': '3', mode: 'non-blocking', 'max-buffer-size': '4m' },
    },
    // Until it is live a replica that exits has failed; promotion changes this.
    RestartPolicy: { Name: 'no' },
  }
}
