import { expect, it } from 'vitest'
import { containerSpec } from './container-spec.ts'

const appId = '3f2a9c41-7d0e-4b1a-9a55-0c9c52f1aa10'
const instance = '5c6f2d0e-0000-4000-8000-000000000001'

it('is the hardened template, whole', () => {
  const spec = containerSpec(
    {
      appId,
      slug: 'hello',
      release: 7,
      generation: 42,
      specHash: 'aaaaaaaaaaaaaaaa',
      image: `sha256:${'0'.repeat(64)}`,
      env: { HOME: '/tmp/home', RSP_DRAIN: '99999' },
      replicas: 1,
      resources: { memoryBytes: 1024 ** 3, cpuMillis: 1500, pids: 256 },
      port: 6311,
      probe: {
        command: ['/rserve/probe.sh', 'health'],
        intervalMs: 5_000,
        startIntervalMs: 100,
        timeoutMs: 6_000,
        retries: 3,
        startBudgetMs: 60_000,
      },
      rollout: { deadlineMs: 90_000, bakeMs: 5_000 },
      drain: { limitMs: 20_500 },
      network: { name: `rsp-net-${appId}`, subnet: '10.213.128.0/27', egress: 'internet' },
      route: {
        routeHash: 'bbbbbbbbbbbbbbbb',
        hosts: ['localhost'],
        entryPoint: 'web',
        limits: { openRequests: 200 },
        sandbox: true,
        reuseConnections: false,
      },
    },
    { instance, index: 1, routeLabels: { 'traefik.enable': 'true', 'rserve-proxy.io/instance': 'another' } },
  )
  expect(spec).toEqual({
    Image: `sha256:${'0'.repeat(64)}`,
    User: '10001:10001',
    Env: ['HOME=/tmp/home', 'RSP_DRAIN=10', 'RSP_PORT=6311'],
    Labels: {
      'traefik.enable': 'true',
      'rserve-proxy.io/managed': 'true',
      'rserve-proxy.io/instance': instance,
      'rserve-proxy.io/schema': '1',
      'rserve-proxy.io/app-id': appId,
      'rserve-proxy.io/role': 'app',
      'rserve-proxy.io/slug': 'hello',
      'rserve-proxy.io/release': '7',
      'rserve-proxy.io/generation': '42',
      'rserve-proxy.io/spec-hash': 'aaaaaaaaaaaaaaaa',
      'rserve-proxy.io/route-hash': 'bbbbbbbbbbbbbbbb',
      'rserve-proxy.io/replica': '1',
    },
    StopSignal: 'SIGTERM',
    StopTimeout: 15,
    Healthcheck: {
      Test: ['CMD', '/rserve/probe.sh', 'health'],
      Interval: 5_000_000_000,
      Timeout: 6_000_000_000,
      Retries: 3,
      StartPeriod: 60_000_000_000,
      StartInterval: 100_000_000,
    },
    HostConfig: {
      Privileged: false,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      PublishAllPorts: false,
      NetworkMode: `rsp-net-${appId}`,
      Tmpfs: { '/tmp': 'rw,nosuid,nodev,exec,size=256m,mode=1777' },
      Memory: 1_073_741_824,
      MemorySwap: 1_073_741_824,
      NanoCpus: 1_500_000_000,
      PidsLimit: 256,
      Ulimits: [
        { Name: 'nofile', Soft: 4096, Hard: 4096 },
        { Name: 'core', Soft: 0, Hard: 0 },
      ],
      ShmSize: 67_108_864,
      OomScoreAdj: 500,
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
      RestartPolicy: { Name: 'no' },
    },
  })
})
