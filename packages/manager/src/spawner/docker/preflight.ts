import type Dockerode from 'dockerode'
import type { PreflightReport } from '../spawner.ts'
import type { ContainerList } from './container-list.ts'
import { engineCall } from './engine-call.ts'
import type { TraefikApi } from './traefik-api.ts'

interface PreflightOptions {
  docker: Dockerode
  containers: ContainerList
  traefik: TraefikApi
}

type Finding = PreflightReport['findings'][number]

/** Below this the engine knows no StartInterval, and every start would wait for a full probe interval. */
const oldestApi = 1.44
const appNetwork = /^rsp-net-/

/** Reports; never repairs. */
export async function runPreflight(options: PreflightOptions, signal: AbortSignal): Promise<PreflightReport> {
  const { engineVersion, finding } = await engineFinding(options, signal)
  const findings = [finding, await proxyFinding(options, signal), await apiFinding(options, signal)]
  return { ok: findings.every(({ ok }) => ok), ...(engineVersion && { engineVersion }), findings }
}

async function engineFinding({ docker }: PreflightOptions, signal: AbortSignal) {
  try {
    const { Version, ApiVersion } = await engineCall('read the engine version', signal, () => docker.version())
    const ok = Number(ApiVersion) >= oldestApi
    const message = `Docker ${Version}, API ${ApiVersion}${ok ? '' : `: at least API ${oldestApi} (Docker 25) is needed`}`
    return { engineVersion: Version, finding: { subject: 'engine', ok, message } }
  } catch (error) {
    return { engineVersion: undefined, finding: failed('engine', error, signal) }
  }
}

/** Before Engine 28 the gateway is the first network by name: an app network in front would cut every open socket. */
async function proxyFinding({ containers }: PreflightOptions, signal: AbortSignal): Promise<Finding> {
  try {
    const running = (await containers.proxies(signal)).filter(({ isRunning }) => isRunning)
    if (running.length === 0)
      return { subject: 'proxy', ok: false, message: 'no running container with role=proxy and our instance label' }
    const late = running.flatMap(({ networks }) => networks).find((name) => !appNetwork.test(name) && name > 'rsp-net-')
    return late
      ? {
          subject: 'proxy',
          ok: false,
          message: `network ${late} sorts after the app networks; choose a name before rsp-net-`,
        }
      : { subject: 'proxy', ok: true, message: `${running.length} running` }
  } catch (error) {
    return failed('proxy', error, signal)
  }
}

async function apiFinding({ traefik }: PreflightOptions, signal: AbortSignal): Promise<Finding> {
  try {
    const { routers } = await traefik.routes(signal)
    return { subject: 'proxy API', ok: true, message: `${routers.size} routers enabled` }
  } catch (error) {
    return failed('proxy API', error, signal)
  }
}

function failed(subject: string, error: unknown, signal: AbortSignal): Finding {
  signal.throwIfAborted()
  return { subject, ok: false, message: error instanceof Error ? error.message : String(error) }
}
