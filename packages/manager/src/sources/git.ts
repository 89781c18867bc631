import { archiveLimits } from '@rserve-proxy/contract/uploads.ts'
import { checkoutCommit, type GitCheckout } from './git-checkout.ts'
import { runGit } from './git-command.ts'
import { createConnect } from './git-connect.ts'
import type { GitCredential } from './git-credential.ts'
import { readBranches, readRefs, refsOf } from './git-refs.ts'
import type { TreeLimits } from './git-tree.ts'
import { type Resolve, resolveByDns } from './pin-address.ts'
import type { FetchedCode } from './source.ts'
import { SourceFailed } from './source-failed.ts'

export interface GitSourceOptions {
  /** `host` or `host:port`; these may have private addresses and other ports. */
  allowedHosts: readonly string[]
  /** Certificates to trust besides the public ones. */
  caFile?: string | undefined
  resolve?: Resolve
  limits?: TreeLimits
  /** For each call. */
  deadlineMs?: number
}

export interface Repository {
  repoUrl: string
  credential?: GitCredential | undefined
}

/** Throws SourceFailed for everything that an owner or admin can change, the signal's reason on abort. */
export interface GitSource {
  /** The commit that a branch or tag (by default the repository's own choice) names now, and that name. */
  newest(
    of: Repository & { branch?: string | undefined },
    signal: AbortSignal,
  ): Promise<{ commit: string; branch: string }>
  /** Names of its branches, then of its tags, as they come; at most so many of both. */
  branches(of: Repository, most: number, signal: AbortSignal): Promise<string[]>
  /** Exactly that commit as plain files in `dir`; it appears whole or not at all. */
  fetch(checkout: GitCheckout, signal: AbortSignal): Promise<FetchedCode>
}

export function createGitSource(options: GitSourceOptions): GitSource {
  const { allowedHosts, caFile, resolve = resolveByDns, limits = archiveLimits, deadlineMs = 5 * 60_000 } = options
  const connect = createConnect({ allowedHosts, caFile, resolve })
  return {
    branches: ({ repoUrl, credential }, most, signal) =>
      withinDeadline(deadlineMs, signal, async (either) => {
        await requireGit(either)
        const command = ['ls-remote', '--heads', '--tags', '--refs', '--']
        const result = await connect(repoUrl, (url) => [...command, url], { signal: either, credential })
        return readBranches(result, new URL(repoUrl).host).slice(0, most)
      }),
    newest: ({ repoUrl, branch, credential }, signal) =>
      withinDeadline(deadlineMs, signal, async (either) => {
        await requireGit(either)
        await requireBranchName(branch, either)
        const command = ['ls-remote', '--exit-code', '--symref', '--']
        const result = await connect(repoUrl, (url) => [...command, url, ...refsOf(branch)], {
          signal: either,
          credential,
        })
        return readRefs(result, { host: new URL(repoUrl).host, branch })
      }),
    fetch: (checkout, signal) =>
      withinDeadline(deadlineMs, signal, async (either) => {
        await requireGit(either)
        await requireBranchName(checkout.branch, either)
        return checkoutCommit(checkout, { connect, limits, signal: either })
      }),
  }
}

async function withinDeadline<T>(
  deadlineMs: number,
  signal: AbortSignal,
  act: (either: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(deadlineMs)
  try {
    return await act(AbortSignal.any([signal, deadline]))
  } catch (error) {
    signal.throwIfAborted()
    if (!deadline.aborted) throw error
    throw new SourceFailed('timed-out', `The repository was not read within ${deadlineMs / 1000} s.`, { cause: error })
  }
}

/** Older ones ignore the pinned address without a word. */
async function requireGit(signal: AbortSignal) {
  const { stdout } = await runGit(['--version'], { signal, caFile: undefined, host: undefined })
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(stdout) ?? []
  if (Number(major) * 1000 + Number(minor) < 2037)
    throw new Error(`git 2.37 or newer is needed, found: ${stdout || 'none'}`)
}

async function requireBranchName(branch: string | undefined, signal: AbortSignal) {
  // What `newest` answers for a server that does not name its default branch.
  if (branch === undefined || branch === 'HEAD') return
  const check = await runGit(['check-ref-format', '--branch', branch], { signal, caFile: undefined, host: undefined })
  if (check.exitCode !== 0)
    throw new SourceFailed('source-unreachable', `${JSON.stringify(branch)} cannot be the name of a branch or tag.`)
}
