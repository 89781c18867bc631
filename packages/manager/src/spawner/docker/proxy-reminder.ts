import type Dockerode from 'dockerode'
import type { AppContainer, ProxyContainer } from './app-container.ts'
import { engineCall } from './engine-call.ts'
import { labelFilter } from './labels.ts'
import type { Log } from './log.ts'

interface ProxyReminderOptions {
  docker: Dockerode
  instance: string
  now: () => number
  log: Log
}

const patienceMs = 10_000
const pauseMs = 30_000

/**
 * The proxy hears of containers by events alone, and one that it missed, as after a break of the engine, it misses for
 * good. When it overlooks a healthy container for long, its way to the engine is restarted: the proxy keeps its routes,
 * connects again, and begins with a list of everything.
 */
export function createProxyReminder({ docker, instance, now, log }: ProxyReminderOptions) {
  let since = new Map<string, number>()
  let remindedAt = Number.NEGATIVE_INFINITY

  async function restartSocketProxy(signal: AbortSignal) {
    const filters = { label: labelFilter.socketProxies(instance) }
    const found = await engineCall('list socket proxies', signal, (abortSignal) =>
      docker.listContainers({ filters, abortSignal }),
    )
    for (const { Id } of found)
      await engineCall('restart the socket proxy', signal, (abortSignal) =>
        docker.getContainer(Id).restart({ t: 2, abortSignal }),
      )
  }

  return {
    /** What a look at everything has shown, with the proxy's own word on each container. */
    async look(containers: AppContainer[], proxies: ProxyContainer[], signal: AbortSignal) {
      const shared = new Set(proxies.flatMap(({ isRunning, networks }) => (isRunning ? networks : [])))
      const overlooked = containers.filter(
        ({ health, isRouted, networks }) =>
          health === 'healthy' && isRouted === false && Object.keys(networks).some((name) => shared.has(name)),
      )
      since = new Map(overlooked.map(({ id }) => [id, since.get(id) ?? now()]))
      const isLong = [...since.values()].some((began) => now() - began >= patienceMs)
      if (!isLong || now() - remindedAt < pauseMs) return
      remindedAt = now()
      log.warn({ containerIds: [...since.keys()] }, 'the proxy overlooks healthy containers: it is made to list them')
      await restartSocketProxy(signal).catch((error: unknown) => {
        signal.throwIfAborted()
        // The look itself is complete; the next one tries again.
        log.warn({ error }, 'the socket proxy was not restarted')
      })
    },
  }
}
