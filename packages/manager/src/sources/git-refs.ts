import type { GitResult } from './git-command.ts'
import { gitFailure } from './git-failure.ts'
import { SourceFailed } from './source-failed.ts'

/** What to ask `ls-remote` for: a branch before a tag of the same name, an annotated tag by the commit it names. */
export const refsOf = (branch: string | undefined) =>
  branch === undefined ? ['HEAD'] : [`refs/heads/${branch}`, `refs/tags/${branch}^{}`, `refs/tags/${branch}`]

export function readRefs(
  result: GitResult,
  { host, branch }: { host: string; branch: string | undefined },
): { commit: string; branch: string } {
  const absent = new SourceFailed('source-unreachable', `${host} has no branch or tag "${branch ?? 'HEAD'}".`)
  if (result.exitCode === 2) throw absent
  if (result.exitCode !== 0) throw gitFailure(result, host)
  const lines = result.stdout.split('\n').map((line) => line.split('\t'))
  const commits = refsOf(branch).map((wanted) => lines.find(([value, ref]) => ref === wanted && isHash(value))?.[0])
  const commit = commits.find((found) => found !== undefined)
  if (commit === undefined) throw absent
  return { commit, branch: branch ?? symbolicHead(lines) }
}

const isHash = (value = '') => /^[0-9a-f]{40,64}$/.test(value)

/** `ref: refs/heads/main<TAB>HEAD`; a server may leave it out. */
function symbolicHead(lines: string[][]): string {
  const [value] = lines.find(([text, ref]) => ref === 'HEAD' && text?.startsWith('ref: refs/heads/')) ?? []
  return value?.slice('ref: refs/heads/'.length) ?? 'HEAD'
}

export function readBranches(result: GitResult, host: string): string[] {
  if (result.exitCode !== 0) throw gitFailure(result, host)
  const refs = result.stdout.split('\n').map((line) => line.split('\t')[1] ?? '')
  const below = (prefix: string) => refs.filter((ref) => ref.startsWith(prefix)).map((ref) => ref.slice(prefix.length))
  return [...below('refs/heads/'), ...below('refs/tags/')]
}
