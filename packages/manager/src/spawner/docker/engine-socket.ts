import { Resolver } from 'node:dns/promises'
import { connect } from 'node:net'
import { hostname } from 'node:os'

export const socketPath = '/var/run/docker.sock'

/**
 * An engine that starts again makes a new socket file, unless systemd keeps it. A container that lives through that
 * (live-restore) has the old file mounted, on which nobody listens, until its own next start. Told apart from an engine
 * that is down by the names that it resolves inside its containers: who answers there is alive.
 */
export async function isSocketStale(path = socketPath, resolveName = resolveOwnName): Promise<boolean> {
  return (await refusesConnections(path)) && (await resolveName())
}

function refusesConnections(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
  })
}

/** "No such name" is an answer, too. */
async function resolveOwnName(): Promise<boolean> {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 })
  resolver.setServers(['127.0.0.11'])
  try {
    await resolver.resolve4(hostname())
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && (error.code === 'ENOTFOUND' || error.code === 'ENODATA')
  }
}
