import { type CaBundle, makeCaBundle } from './ca-bundle.ts'
import { type GitResult, type PinnedHost, runGit } from './git-command.ts'
import { type GitCredential, withCredentialFile } from './git-credential.ts'
import { redirectTarget } from './git-redirect.ts'
import { checkGitUrl } from './git-url.ts'
import { pinAddress, type Resolve } from './pin-address.ts'

export interface ConnectOptions {
  signal: AbortSignal
  credential?: GitCredential | undefined
  onLine?: (line: string) => void
}

/** Runs one git command against a checked and pinned address; `args` gets the address of this hop. */
export type Connect = (repoUrl: string, args: (url: string) => string[], options: ConnectOptions) => Promise<GitResult>

const maxRedirects = 3

export function createConnect(trust: {
  allowedHosts: readonly string[]
  caFile: string | undefined
  resolve: Resolve
}): Connect {
  let bundle: Promise<CaBundle> | undefined

  async function trusted(): Promise<CaBundle | undefined> {
    if (trust.caFile !== undefined) bundle ??= makeCaBundle(trust.caFile)
    return bundle
  }

  return (repoUrl, args, options) =>
    withCredentialFile(repoUrl, options.credential, (file) => run(repoUrl, args, options, file))

  async function run(repoUrl: string, args: (url: string) => string[], options: ConnectOptions, configFile?: string) {
    const ca = await trusted()
    let url = repoUrl
    // A renamed repository is followed by us: git would follow without looking at the address.
    for (let hop = 0; ; hop += 1) {
      const checked = checkGitUrl(url, trust.allowedHosts)
      const host: PinnedHost = { ...checked, address: await pinAddress(checked, trust.resolve) }
      const result = await runGit(args(url), { ...options, caFile: ca?.file, host, configFile })
      const isSentOn = result.exitCode !== 0 && /returned error: 30\d/.test(result.stderr) && hop < maxRedirects
      const target = isSentOn ? await redirectTarget(host, { ca: ca?.pem, signal: options.signal }) : undefined
      if (target === undefined) return result
      url = target
    }
  }
}
