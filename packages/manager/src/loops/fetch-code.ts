import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { revisionText } from '../domain/revision.ts'
import type { BuildRow } from '../repositories/deployments.ts'
import type { Store } from '../repositories/store.ts'
import type { BuildLogWriter } from '../services/build-log.ts'
import type { CredentialVault } from '../services/credentials.ts'
import type { CodeStorage } from '../sources/code-storage.ts'
import { entryOf } from '../sources/entry-of.ts'
import type { GitSource } from '../sources/git.ts'
import { secretsOf } from '../sources/git-credential.ts'
import type { FetchedCode } from '../sources/source.ts'
import { SourceFailed } from '../sources/source-failed.ts'

export interface FetchDeps {
  store: Store
  storage: CodeStorage
  git: GitSource
  vault: Pick<CredentialVault, 'open'>
}

/** The code of a build on disk: the upload that was frozen with it, or the newest commit of its branch. */
export async function fetchCode(
  deps: FetchDeps,
  build: BuildRow,
  to: { ownerId: string; log: Pick<BuildLogWriter, 'line' | 'hide'> },
  signal: AbortSignal,
): Promise<FetchedCode> {
  const code = await codeOf(deps, build, to, signal)
  await requireEntry(code.dir, build.facts.settings.entryScript)
  return code
}

async function codeOf(
  deps: FetchDeps,
  build: BuildRow,
  { ownerId, log }: { ownerId: string; log: Pick<BuildLogWriter, 'line' | 'hide'> },
  signal: AbortSignal,
): Promise<FetchedCode> {
  const { source, uploadId } = build.facts
  if (source.type === 'git') {
    const { credentialId, ...repository } = source
    const credential = credentialId ? await deps.vault.open(ownerId, credentialId, source.repoUrl) : undefined
    if (credential) log.hide(secretsOf(credential))
    const newest = await deps.git.newest({ ...repository, credential }, signal)
    const [last] = await deps.store.releases.list(build.appId, 1)
    if (last?.revision.commit === newest.commit)
      log.line(`Nothing new: ${revisionText(last.revision)} is release ${last.number}`)
    const dir = deps.storage.sourceDir(build.appId, build.id)
    await mkdir(dirname(dir), { recursive: true })
    return deps.git.fetch({ ...repository, ...newest, credential, dir, onLine: log.line }, signal)
  }
  const upload = uploadId ? await deps.store.uploads.find(uploadId) : undefined
  if (!upload) throw new SourceFailed('source-unreachable', 'The uploaded code is gone. Upload it again.')
  log.line(`Code of ${revisionText(upload.revision)}`)
  return { dir: deps.storage.uploadDir(build.appId, upload.id), revision: upload.revision, sizeBytes: upload.sizeBytes }
}

/** R's source() would take an address or follow a link; only a file of the code itself is run. */
async function requireEntry(dir: string, entryScript: string) {
  const entry = await entryOf(join(dir, entryScript))
  if (entry?.isFile()) return
  throw new SourceFailed(
    'entry-not-regular',
    `The code has no file ${entryScript} at its top. Add it, or change the entry script.`,
  )
}
