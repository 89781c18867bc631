import { isIP } from 'node:net'
import { SourceFailed } from './source-failed.ts'

export interface GitHost {
  url: string
  host: string
  port: number
  /** An admin has listed it: its addresses may be private, its port may be another. */
  isListed: boolean
}

const lowestListedPort = 1024

/** The rules of an address that git may be given, whoever wrote it: the form, a row in the database, a redirect. */
export function checkGitUrl(text: string, allowedHosts: readonly string[]): GitHost {
  const url = parse(text)
  if (url.protocol !== 'https:') throw refused('only https is allowed')
  if (url.username || url.password) throw refused('it must not contain a user or password')
  if (url.search || url.hash || /[?#\s\\]/.test(text)) throw refused('it must not contain a query, fragment or space')
  if (/\/\.{1,2}(\/|$)/.test(text)) throw refused('it must not contain dot segments')
  const host = url.hostname.replace(/\.$/, '')
  if (isIP(host.replace(/^\[|\]$/g, '')) || !host.includes('.') || /\.\d+$/.test(host))
    throw refused('it needs a host name with a dot')
  const port = url.port === '' ? 443 : Number(url.port)
  const isListed = allowedHosts.includes(`${host}:${port}`) || allowedHosts.includes(host)
  if (port !== 443 && !(isListed && port >= lowestListedPort))
    throw new SourceFailed('ssrf-blocked', `Port ${port} of ${host} is not allowed; ask an admin to list it.`)
  return { url: text, host, port, isListed }
}

function parse(text: string): URL {
  // The parser would repair `https:/host` and `https:///host`, which git and curl read in another way.
  if (!/^https:\/\/[^/]/i.test(text) || !URL.canParse(text)) throw refused('it is no https address')
  return new URL(text)
}

function refused(reason: string) {
  return new SourceFailed('source-unreachable', `The repository address cannot be used: ${reason}.`)
}
