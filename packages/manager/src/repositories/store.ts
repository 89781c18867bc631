import type { Db } from '../db/database.ts'
import { type ApiTokenRepository, createApiTokenRepository } from './api-tokens.ts'
import { type AppRepository, createAppRepository } from './apps.ts'
import { type AuditRepository, createAuditRepository } from './audit.ts'
import { type BuildRepository, createBuildRepository } from './builds.ts'
import { type CollaboratorRepository, createCollaboratorRepository } from './collaborators.ts'
import { type CredentialRepository, createCredentialRepository } from './credentials.ts'
import { createDeploymentRepository, type DeploymentRepository } from './deployments.ts'
import { createInstallationRepository, type InstallationRepository } from './installation.ts'
import { createLoginSessionRepository, type LoginSessionRepository } from './login-sessions.ts'
import { createReleasedSlugRepository, type ReleasedSlugRepository } from './released-slugs.ts'
import { createReleaseRepository, type ReleaseRepository } from './releases.ts'
import { createUploadRepository, type UploadRepository } from './uploads.ts'
import { createUserRepository, type UserRepository } from './users.ts'

export interface Store {
  apps: AppRepository
  audit: AuditRepository
  builds: BuildRepository
  collaborators: CollaboratorRepository
  credentials: CredentialRepository
  deployments: DeploymentRepository
  installation: InstallationRepository
  loginSessions: LoginSessionRepository
  releasedSlugs: ReleasedSlugRepository
  releases: ReleaseRepository
  tokens: ApiTokenRepository
  uploads: UploadRepository
  users: UserRepository
  /** All or nothing. No I/O but SQL inside: PGlite has one connection. */
  transaction<T>(work: (store: Store) => Promise<T>): Promise<T>
}

export function createStore(db: Db): Store {
  return {
    apps: createAppRepository(db),
    audit: createAuditRepository(db),
    builds: createBuildRepository(db),
    collaborators: createCollaboratorRepository(db),
    credentials: createCredentialRepository(db),
    deployments: createDeploymentRepository(db),
    installation: createInstallationRepository(db),
    loginSessions: createLoginSessionRepository(db),
    releasedSlugs: createReleasedSlugRepository(db),
    releases: createReleaseRepository(db),
    tokens: createApiTokenRepository(db),
    uploads: createUploadRepository(db),
    users: createUserRepository(db),
    transaction: (work) => db.transaction((tx) => work(createStore(tx))),
  }
}
