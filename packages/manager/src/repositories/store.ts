import type { Db } from '../db/database.ts'
import { type AppRepository, createAppRepository } from './apps.ts'
import { type BuildRepository, createBuildRepository } from './builds.ts'
import { createDeploymentRepository, type DeploymentRepository } from './deployments.ts'
import { createInstallationRepository, type InstallationRepository } from './installation.ts'
import { createReleaseRepository, type ReleaseRepository } from './releases.ts'
import { createUploadRepository, type UploadRepository } from './uploads.ts'

export interface Store {
  apps: AppRepository
  builds: BuildRepository
  deployments: DeploymentRepository
  installation: InstallationRepository
  releases: ReleaseRepository
  uploads: UploadRepository
  /** All or nothing. No I/O but SQL inside: PGlite has one connection. */
  transaction<T>(work: (store: Store) => Promise<T>): Promise<T>
}

export function createStore(db: Db): Store {
  return {
    apps: createAppRepository(db),
    builds: createBuildRepository(db),
    deployments: createDeploymentRepository(db),
    installation: createInstallationRepository(db),
    releases: createReleaseRepository(db),
    uploads: createUploadRepository(db),
    transaction: (work) => db.transaction((tx) => work(createStore(tx))),
  }
}
