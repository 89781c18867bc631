import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { GitInspection, InspectGit } from '@rserve-proxy/contract/git.ts'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import type { Store } from '../repositories/store.ts'
import type { GitSource } from '../sources/git.ts'
import { inspectCode } from '../sources/inspect.ts'
import { SourceFailed } from '../sources/source-failed.ts'
import { type CredentialVault, requireCredential } from './credentials.ts'
import type { GitInspectService } from './git-inspect-service.ts'
import type { Principal } from './principal.ts'

export interface GitInspectDeps {
  git: GitSource
  store: Pick<Store, 'credentials'>
  vault: CredentialVault
  stagingDir: string
  newId: () => string
}

const atOnce = 2
const deadlineMs = 60_000
const mostBranches = 1_000

export function createGitInspectService(deps: GitInspectDeps): GitInspectService {
  let running = 0
  return {
    async inspect(principal, source, signal) {
      await requireCredential(deps.store.credentials, principal.userId, source)
      if (running >= atOnce)
        throw new Problem('too-many-requests', { detail: 'Others are looking at repositories. Try again.' })
      running += 1
      try {
        return await inspect(deps, principal, source, AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]))
      } catch (error) {
        const detail = reasonOf(error)
        if (detail === undefined) throw error
        throw new Problem('source-unreadable', { detail, cause: error })
      } finally {
        running -= 1
      }
    },
  }
}

function reasonOf(error: unknown): string | undefined {
  if (error instanceof SourceFailed) return error.message
  const isLate = error instanceof Error && error.name === 'TimeoutError'
  return isLate ? `The repository was not read within ${deadlineMs / 1_000} s.` : undefined
}

async function inspect(
  { git, vault, stagingDir, newId }: GitInspectDeps,
  { userId }: Principal,
  { repoUrl, branch: wanted, subdirectory, credentialId, entryScript = 'app.R' }: InspectGit,
  signal: AbortSignal,
): Promise<GitInspection> {
  const credential = credentialId ? await vault.open(userId, credentialId, repoUrl) : undefined
  const repository = { repoUrl, credential }
  const branches = await git.branches(repository, mostBranches, signal)
  const newest = await git.newest({ ...repository, branch: wanted }, signal)
  const dir = join(stagingDir, newId())
  try {
    await git.fetch({ ...repository, ...newest, subdirectory, dir, onLine: () => undefined }, signal)
    return { branches, ...newest, found: await inspectCode(dir, entryScript) }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}
