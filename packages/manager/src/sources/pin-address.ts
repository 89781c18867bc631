import { lookup } from 'node:dns/promises'
import { isPublicAddress } from './address-guard.ts'
import type { GitHost } from './git-url.ts'
import { SourceFailed } from './source-failed.ts'

export type Resolve = (host: string) => Promise<string[]>

export const resolveByDns: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address)

/** One checked address; whoever connects must use it, or the name could answer differently the second time. */
export async function pinAddress(host: GitHost, resolve: Resolve): Promise<string> {
  const addresses = await resolve(host.host).catch((error: unknown) => {
    throw new SourceFailed('source-unreachable', `The host ${host.host} has no address.`, { cause: error })
  })
  const [first] = addresses
  if (first === undefined) throw new SourceFailed('source-unreachable', `The host ${host.host} has no address.`)
  const inside = addresses.find((address) => !isPublicAddress(address))
  if (inside !== undefined && !host.isListed)
    throw new SourceFailed('ssrf-blocked', `${host.host} has the address ${inside}, which is not public.`)
  // IPv4 first: a container often has an IPv6 resolver and no IPv6 route.
  return addresses.find((address) => address.includes('.')) ?? first
}
