import type Dockerode from 'dockerode'
import { networkName } from '../network-name.ts'
import { isTraefikLabel } from './labels.ts'

/** `@types/dockerode` does not know all of it. */
export interface InspectedContainer {
  Config: { User: string; Labels: Record<string, string> }
  HostConfig: Dockerode.HostConfig & { CgroupnsMode?: string; Init?: boolean }
  Mounts: unknown[]
  NetworkSettings: { Networks: Record<string, unknown> }
}

type Rule = [text: string, holds: (found: InspectedContainer, appId: string) => boolean]

const isEmpty = (list: unknown) => list === null || list === undefined || Object.keys(Object(list)).length === 0
const limit = (found: InspectedContainer, name: string) =>
  found.HostConfig.Ulimits?.find((ulimit: { Name?: string }) => ulimit.Name === name)

/** The container template of the security reference, as inspect tells it; `container-spec.ts` asks for the same. */
const rules: Rule[] = [
  ['runs as another user', ({ Config }) => Config.User === '10001:10001'],
  ['is privileged', ({ HostConfig }) => HostConfig.Privileged === false],
  ['keeps capabilities', ({ HostConfig }) => HostConfig.CapDrop?.join() === 'ALL' && isEmpty(HostConfig.CapAdd)],
  ['may gain privileges', ({ HostConfig }) => HostConfig.SecurityOpt?.join() === 'no-new-privileges'],
  ['may write to its root file system', ({ HostConfig }) => HostConfig.ReadonlyRootfs === true],
  [
    'has mounts',
    ({ HostConfig, Mounts }) => isEmpty(HostConfig.Binds) && isEmpty(HostConfig.VolumesFrom) && isEmpty(Mounts),
  ],
  ['has devices', ({ HostConfig }) => isEmpty(HostConfig.Devices) && isEmpty(HostConfig.DeviceRequests)],
  ['publishes ports', ({ HostConfig }) => isEmpty(HostConfig.PortBindings) && HostConfig.PublishAllPorts !== true],
  ['has other temporary storage', ({ HostConfig }) => hasOnlyTmp(HostConfig.Tmpfs)],
  [
    'has no full set of limits',
    ({ HostConfig: { Memory = 0, MemorySwap, NanoCpus = 0, PidsLimit } }) =>
      Memory > 0 && MemorySwap === Memory && NanoCpus > 0 && (PidsLimit ?? 0) > 0,
  ],
  [
    'has other limits of open files',
    (found) => limit(found, 'nofile')?.Hard === 4096 && limit(found, 'core')?.Hard === 0,
  ],
  ['is not the first to go when memory ends', ({ HostConfig }) => HostConfig.OomScoreAdj === 500],
  [
    'shares namespaces',
    ({ HostConfig: { IpcMode, PidMode, UTSMode, UsernsMode, CgroupnsMode } }) =>
      IpcMode === 'private' && CgroupnsMode === 'private' && !PidMode && !UTSMode && !UsernsMode,
  ],
  ['has another first process', ({ HostConfig }) => HostConfig.Init !== true],
  ['logs without bounds', ({ HostConfig }) => isBounded(HostConfig.LogConfig)],
  [
    'is restarted by another policy',
    ({ HostConfig }) => ['no', 'unless-stopped'].includes(HostConfig.RestartPolicy?.Name ?? ''),
  ],
  [
    'is in a network that is not its own',
    ({ NetworkSettings }, appId) =>
      Object.keys(NetworkSettings.Networks).every((name) => ownNetworks(appId).includes(name)),
  ],
  [
    'carries labels that are not ours',
    ({ Config }) => Object.keys(Config.Labels).every((name) => isTraefikLabel(name) || isOurs(name)),
  ],
]

/** What a container of an app must not be, each as the rest of a sentence; empty when it is as the template wants it. */
export function templateFindings(found: InspectedContainer, appId: string): string[] {
  return rules.filter(([, holds]) => !holds(found, appId)).map(([text]) => text)
}

const ownNetworks = (appId: string) => [networkName(appId, 'internet'), networkName(appId, 'none')]
/** The image's own labels become the container's: ours, and those of the distribution it is made from. */
const isOurs = (name: string) => name.startsWith('rserve-proxy.') || name.startsWith('org.opencontainers.image.')

function hasOnlyTmp(tmpfs: Record<string, string> | undefined): boolean {
  const [options, ...others] = Object.entries(tmpfs ?? {}).map(([path, text]) =>
    path === '/tmp' ? text.split(',') : [],
  )
  return others.length === 0 && ['nosuid', 'nodev', 'size=256m'].every((option) => options?.includes(option) === true)
}

function isBounded(log: Dockerode.HostConfig['LogConfig']): boolean {
  const { Type, Config } = log ?? {}
  return (
    Type === 'local' && Config?.['max-size'] === '10m' && Config['max-file'] === '3' && Config.mode === 'non-blocking'
  )
}
