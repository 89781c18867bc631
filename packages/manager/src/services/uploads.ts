import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { Problem } from '@rserve-proxy/contract/problems.ts'
import { archiveLimits } from '@rserve-proxy/contract/uploads.ts'
import type { AppRow } from '../repositories/apps.ts'
import type { Store } from '../repositories/store.ts'
import type { NewUpload } from '../repositories/uploads.ts'
import { unpackArchive } from '../sources/archive.ts'
import type { CodeStorage } from '../sources/code-storage.ts'
import { inspectCode } from '../sources/inspect.ts'
import { hashTree } from '../sources/revision.ts'
import { spool } from '../sources/spool.ts'
import { visibleApp } from './access.ts'
import { type Act, actOf, onApp } from './audit-record.ts'
import type { Principal } from './principal.ts'
import type { UploadService } from './upload-service.ts'

export interface UploadServiceDeps {
  store: Store
  storage: CodeStorage
  newId: () => string
  /** Tells whoever watches the app. */
  changed: (appId: string) => void
}

export function createUploadService(deps: UploadServiceDeps): UploadService {
  return {
    async check(principal, appId) {
      await uploadApp(deps.store, principal, appId)
    },

    async receive(principal, appId, file, signal) {
      const app = await uploadApp(deps.store, principal, appId)
      const id = deps.newId()
      return staged(deps, id, async (staging) => {
        const unpacked = await unpack(file.stream, staging, signal)
        const tree = await hashTree(unpacked, signal)
        const found = await inspectCode(unpacked, app.entryScript)
        const revision = { hash: tree.hash, label: labelOf(file.name), commit: null, files: tree.files }
        const upload = { id, appId: app.id, revision, sizeBytes: tree.sizeBytes }
        await record(deps, upload, unpacked, actOf(principal, 'app.upload', { ...onApp(app), detail: revision.label }))
        deps.changed(app.id)
        return { id, revision: tree.hash, sizeBytes: tree.sizeBytes, files: tree.files, ...found }
      })
    },

    inspect: (stream, signal) =>
      staged(deps, deps.newId(), async (staging) => inspectCode(await unpack(stream, staging, signal), usualEntry)),
  }
}

const usualEntry = 'app.R'

/** A folder for the time of `use`; whatever happens, nothing of it stays. */
async function staged<T>({ storage }: UploadServiceDeps, id: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = join(storage.stagingDir, id)
  await mkdir(folder, { mode: 0o700 })
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function uploadApp(store: Store, principal: Principal, appId: string): Promise<AppRow> {
  const app = await visibleApp(store, principal, appId, 'edit')
  if (app.codeSource.type === 'upload') return app
  throw new Problem('source-is-git', {
    detail: 'The code of this app comes from git. Change its source first, or deploy.',
  })
}

async function unpack(stream: Readable, staging: string, signal: AbortSignal): Promise<string> {
  const archive = join(staging, 'archive')
  const code = join(staging, 'code')
  await spool(stream, archive, { limitBytes: archiveLimits.archiveBytes, signal })
  await unpackArchive(archive, code, { limits: archiveLimits, signal })
  return code
}

/** Folder first, so that every row has its code; without the row, as when the app was deleted meanwhile, neither. */
async function record({ store, storage }: UploadServiceDeps, upload: NewUpload, from: string, act: Act) {
  const to = storage.uploadDir(upload.appId, upload.id)
  await mkdir(dirname(to), { recursive: true })
  await rename(from, to)
  try {
    await store.transaction(async (tx) => {
      await tx.uploads.insert(upload)
      await tx.audit.record(act)
    })
  } catch (error) {
    await rm(to, { recursive: true, force: true })
    throw error
  }
}

/** The client's file name is a fact for people, never a path. */
const labelOf = (name: string) =>
  name
    .replace(/[^\w .()-]/g, '')
    .trim()
    .slice(-80) || 'upload'
