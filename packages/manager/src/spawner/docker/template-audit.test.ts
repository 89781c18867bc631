import { expect, it } from 'vitest'
import { type InspectedContainer, templateFindings } from './template-audit.ts'

const appId = '3f2a9c41-7d0e-4b1a-9a55-0c9c52f1aa10'
const good: InspectedContainer = {
  Config: { User: '10001:10001', Labels: { 'rserve-proxy.io/app-id': appId, 'traefik.enable': 'true' } },
  HostConfig: {
    Privileged: false,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    ReadonlyRootfs: true,
    PublishAllPorts: false,
    PortBindings: {},
    Tmpfs: { '/tmp': 'rw,nosuid,nodev,exec,size=256m,mode=1777' },
    Memory: 1024,
    MemorySwap: 1024,
    NanoCpus: 1,
    PidsLimit: 256,
    Ulimits: [
      { Name: 'nofile', Soft: 4096, Hard: 4096 },
      { Name: 'core', Soft: 0, Hard: 0 },
    ],
    OomScoreAdj: 500,
    Init: false,
    IpcMode: 'private',
    CgroupnsMode: 'private',
    PidMode: '',
    UTSMode: '',
    UsernsMode: '',
    LogConfig: { Type: 'local', Config: { 'max-size': '10m', 'max-file': '3', mode: 'non-blocking' } },
    RestartPolicy: { Name: 'unless-stopped' },
  },
  Mounts: [],
  NetworkSettings: { Networks: { [`rsp-net-${appId}`]: {} } },
}

it('finds nothing at a container as we make them', () => {
  expect(templateFindings(good, appId)).toEqual([])
})

const host: [string, Partial<InspectedContainer['HostConfig']>][] = [
  ['is privileged', { Privileged: true }],
  ['keeps capabilities', { CapDrop: [] }],
  ['keeps capabilities', { CapAdd: ['NET_ADMIN'] }],
  ['may gain privileges', { SecurityOpt: ['no-new-privileges', 'seccomp=unconfined'] }],
  ['may write to its root file system', { ReadonlyRootfs: false }],
  ['has mounts', { Binds: ['/var/run/docker.sock:/s'] }],
  ['has mounts', { VolumesFrom: ['other'] }],
  ['has devices', { Devices: [{ PathOnHost: '/dev/kvm', PathInContainer: '/dev/kvm', CgroupPermissions: 'rwm' }] }],
  ['publishes ports', { PortBindings: { '6311/tcp': [{ HostPort: '6311' }] } }],
  ['publishes ports', { PublishAllPorts: true }],
  ['has other temporary storage', { Tmpfs: { '/tmp': 'rw,size=256m' } }],
  ['has other temporary storage', { Tmpfs: { ...good.HostConfig.Tmpfs, '/run': 'rw' } }],
  ['has no full set of limits', { Memory: 0, MemorySwap: 0 }],
  ['has no full set of limits', { MemorySwap: -1 }],
  ['has no full set of limits', { NanoCpus: 0 }],
  ['has no full set of limits', { PidsLimit: 0 }],
  ['has other limits of open files', { Ulimits: [] }],
  ['is not the first to go when memory ends', { OomScoreAdj: 0 }],
  ['shares namespaces', { PidMode: 'host' }],
  ['shares namespaces', { IpcMode: 'shareable' }],
  ['shares namespaces', { CgroupnsMode: 'host' }],
  ['has another first process', { Init: true }],
  ['logs without bounds', { LogConfig: { Type: 'json-file', Config: {} } }],
  ['is restarted by another policy', { RestartPolicy: { Name: 'always' } }],
]

it.each(host)('%s: %j', (text, change) => {
  expect(templateFindings({ ...good, HostConfig: { ...good.HostConfig, ...change } }, appId)).toEqual([text])
})

const others: [string, Partial<InspectedContainer>][] = [
  ['runs as another user', { Config: { ...good.Config, User: '' } }],
  ['has mounts', { Mounts: [{ Type: 'volume' }] }],
  ['is in a network that is not its own', { NetworkSettings: { Networks: { bridge: {} } } }],
  ['carries labels that are not ours', { Config: { ...good.Config, Labels: { 'com.example': 'x' } } }],
]

it.each(others)('%s: %j', (text, change) => {
  expect(templateFindings({ ...good, ...change }, appId)).toEqual([text])
})
