import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Where code and logs lie below DATA_DIR. Ids are our own uuids and hashes, never names that a client chose. */
export interface CodeStorage {
  /** Immutable once it exists. */
  uploadDir(appId: string, uploadId: string): string
  /** The checkout of one build; removed when the build ends, for its image holds the code. */
  sourceDir(appId: string, buildId: string): string
  buildLog(buildId: string): string
  /** For half-made things. */
  stagingDir: string
  /** Makes the folders and empties those of half-made things: for the one process that works in them. */
  prepare(): Promise<void>
  removeUpload(appId: string, uploadId: string): Promise<void>
  removeBuildLog(buildId: string): Promise<void>
  removeApp(appId: string, buildIds: string[]): Promise<void>
}

export function createCodeStorage(dataDir: string): CodeStorage {
  const stagingDir = join(dataDir, 'staging')
  const buildLog = (buildId: string) => join(dataDir, 'logs', `${buildId}.log`)
  const uploadDir = (appId: string, uploadId: string) => join(dataDir, 'uploads', appId, uploadId)
  return {
    stagingDir,
    buildLog,
    uploadDir,
    removeUpload: (appId, uploadId) => rm(uploadDir(appId, uploadId), { recursive: true, force: true }),
    removeBuildLog: (buildId) => rm(buildLog(buildId), { force: true }),
    sourceDir: (appId, buildId) => join(dataDir, 'sources', appId, buildId),
    async prepare() {
      for (const path of [stagingDir, join(dataDir, 'sources')]) await rm(path, { recursive: true, force: true })
      for (const name of ['staging', 'uploads', 'sources', 'logs'])
        await mkdir(join(dataDir, name), { recursive: true })
    },
    async removeApp(appId, buildIds) {
      const folders = ['uploads', 'sources'].map((name) => join(dataDir, name, appId))
      for (const path of [...folders, ...buildIds.map(buildLog)]) await rm(path, { recursive: true, force: true })
    },
  }
}
