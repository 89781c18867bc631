import { request } from 'node:https'
import { isIPv6, type LookupFunction } from 'node:net'
import type { PinnedHost } from './git-command.ts'

const suffix = '/info/refs?service=git-upload-pack'

/** Where a renamed repository says it has gone; undefined when it says nothing usable. Follows nothing itself. */
export async function redirectTarget(
  host: PinnedHost,
  options: { ca: string | undefined; signal: AbortSignal },
): Promise<string | undefined> {
  const asked = `${host.url.replace(/\/$/, '')}${suffix}`
  const location = await locationOf(asked, pinnedLookup(host.address), options)
  if (location === undefined || !URL.canParse(location, asked)) return undefined
  const target = new URL(location, asked).href
  return target.endsWith(suffix) ? target.slice(0, -suffix.length) : undefined
}

function locationOf(
  url: string,
  lookup: LookupFunction,
  { ca, signal }: { ca: string | undefined; signal: AbortSignal },
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { lookup, signal, agent: false, ...(ca ? { ca } : {}) }, (response) => {
      response.resume()
      resolve(response.headers.location)
    })
    asking.once('error', reject)
    asking.end()
  })
}

function pinnedLookup(address: string): LookupFunction {
  const family = isIPv6(address) ? 6 : 4
  return (_host, options, done) => {
    if (options.all) done(null, [{ address, family }])
    else done(null, address, family)
  }
}
