import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { entryOf } from './entry-of.ts'
import { outgrows } from './folder-size.ts'
import { type GitResult, runGit } from './git-command.ts'
import type { Connect } from './git-connect.ts'
import type { GitCredential } from './git-credential.ts'
import { gitFailure } from './git-failure.ts'
import { judgeTree, type TreeContents, type TreeLimits } from './git-tree.ts'
import { hashTree } from './revision.ts'
import type { FetchedCode } from './source.ts'
import { SourceFailed } from './source-failed.ts'

export interface GitCheckout {
  repoUrl: string
  /** Undefined = the default branch. */
  branch?: string | undefined
  commit: string
  subdirectory?: string | undefined
  credential?: GitCredential | undefined
  /** Must not exist; its parent must. */
  dir: string
  onLine(line: string): void
}

export interface CheckoutContext {
  connect: Connect
  limits: TreeLimits
  signal: AbortSignal
}

const ref = 'refs/rsp/head'

export async function checkoutCommit(checkout: GitCheckout, context: CheckoutContext): Promise<FetchedCode> {
  const staging = `${checkout.dir}.fetching`
  await mkdir(staging, { mode: 0o755 })
  try {
    await local(context, ['init', '-q', '--template=', staging])
    await fetchCommit(checkout, staging, context)
    const { stdout: listing } = await local(context, ['-C', staging, 'ls-tree', '-r', '-l', '-z', ref])
    const contents = judgeTree(listing, context.limits)
    await local(context, ['-C', staging, 'checkout', '-q', '--detach', ref])
    await rm(join(staging, '.git'), { recursive: true })
    await tell(contents, staging, checkout)
    await rename(await codeFolder(staging, checkout), checkout.dir)
    return await fetched(checkout, context.signal)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

async function fetchCommit(checkout: GitCheckout, staging: string, context: CheckoutContext) {
  const byHash = await fetchRef(checkout, staging, checkout.commit, context)
  if (byHash.exitCode === 0) return
  const isHashRefused = /not our ref|unadvertised object|does not allow request/.test(byHash.stderr)
  if (!isHashRefused) throw gitFailure(byHash, new URL(checkout.repoUrl).host)
  const byName = await fetchRef(checkout, staging, checkout.branch ?? 'HEAD', context)
  if (byName.exitCode !== 0) throw gitFailure(byName, new URL(checkout.repoUrl).host)
  const { stdout } = await local(context, ['-C', staging, 'rev-parse', `${ref}^{commit}`])
  if (stdout.trim() !== checkout.commit)
    throw new SourceFailed('source-unreachable', 'The branch moved while it was fetched. Deploy again.')
}

/** Ends early when more arrives than a whole tree may weigh. */
async function fetchRef(
  checkout: GitCheckout,
  staging: string,
  wanted: string,
  { connect, limits, signal }: CheckoutContext,
): Promise<GitResult> {
  const ending = new AbortController()
  const either = AbortSignal.any([signal, ending.signal])
  const options = ['--depth', '1', '--no-tags', '--no-recurse-submodules', '--progress']
  const fetching = connect(
    checkout.repoUrl,
    (url) => ['-C', staging, 'fetch', ...options, '--', url, `${wanted}:${ref}`],
    { signal: either, credential: checkout.credential, onLine: (line) => checkout.onLine(line) },
  ).finally(() => ending.abort())
  const [outcome, tooLarge] = await Promise.allSettled([
    fetching,
    outgrows(staging, limits.totalBytes, either).then((isTooLarge) => {
      if (isTooLarge) ending.abort()
      return isTooLarge
    }),
  ])
  signal.throwIfAborted()
  if (tooLarge.status === 'fulfilled' && tooLarge.value)
    throw new SourceFailed('source-unsafe', `The repository is larger than ${limits.totalBytes / 2 ** 20} MiB.`)
  if (outcome.status === 'rejected') throw outcome.reason
  return outcome.value
}

async function local({ signal }: CheckoutContext, args: string[]): Promise<GitResult> {
  const result = await runGit(args, { signal, caFile: undefined, host: undefined })
  if (result.exitCode !== 0) throw gitFailure(result, 'the fetched copy')
  return result
}

/** git has written links as text files, which no script would expect under that name. */
async function tell({ links, submodules }: TreeContents, staging: string, { onLine }: GitCheckout) {
  for (const link of links) {
    await rm(join(staging, link), { force: true })
    onLine(`${link} is a symbolic link; links are left out`)
  }
  for (const path of submodules) onLine(`${path} is a submodule; submodules are not fetched`)
  const attributes = await attributesOf(staging)
  if (/filter=lfs/.test(attributes)) onLine('the repository uses Git LFS; the contents of LFS files are not fetched')
}

async function attributesOf(staging: string): Promise<string> {
  const path = join(staging, '.gitattributes')
  return (await entryOf(path))?.isFile() ? readFile(path, 'utf8') : ''
}

/** Each part is looked at without following, so that nothing outside the tree can be meant. */
async function codeFolder(staging: string, { subdirectory }: GitCheckout): Promise<string> {
  let folder = staging
  for (const part of subdirectory?.split('/') ?? []) {
    folder = join(folder, part)
    const facts = part === '..' ? undefined : await entryOf(folder)
    if (!facts?.isDirectory())
      throw new SourceFailed('entry-not-regular', `The repository has no folder ${JSON.stringify(subdirectory)}.`)
  }
  return folder
}

async function fetched({ dir, commit, branch }: GitCheckout, signal: AbortSignal): Promise<FetchedCode> {
  try {
    const { hash, files, sizeBytes } = await hashTree(dir, signal)
    const label = `${branch ?? 'HEAD'}@${commit.slice(0, 8)}`
    return { dir, sizeBytes, revision: { hash, label, commit, files } }
  } catch (error) {
    await rm(dir, { recursive: true, force: true })
    throw error
  }
}
