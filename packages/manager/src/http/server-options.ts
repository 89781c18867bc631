import type { FastifyBaseLogger } from 'fastify'
import type { AppService } from '../services/app-service.ts'
import type { AuditService } from '../services/audit-service.ts'
import type { AuthService } from '../services/auth-service.ts'
import type { CleanupService } from '../services/cleanup-service.ts'
import type { CollaboratorService } from '../services/collaborator-service.ts'
import type { CredentialService } from '../services/credential-service.ts'
import type { DeploymentService } from '../services/deployment-service.ts'
import type { EventService } from '../services/event-service.ts'
import type { GitInspectService } from '../services/git-inspect-service.ts'
import type { IdempotencyService } from '../services/idempotency-service.ts'
import type { LogService } from '../services/log-service.ts'
import type { OneCallService } from '../services/one-call-service.ts'
import type { ReleaseService } from '../services/release-service.ts'
import type { SessionService } from '../services/session-service.ts'
import type { SetupService } from '../services/setup-service.ts'
import type { StoppedPageService } from '../services/stopped-page-service.ts'
import type { SystemService } from '../services/system-service.ts'
import type { TokenService } from '../services/token-service.ts'
import type { UploadService } from '../services/upload-service.ts'
import type { UserService } from '../services/user-service.ts'

export interface Services {
  /** R sessions of apps; who is signed in is `auth`'s. */
  appSessions: SessionService
  apps: AppService
  audit: AuditService
  auth: AuthService
  cleanup: CleanupService
  collaborators: CollaboratorService
  credentials: CredentialService
  deployments: DeploymentService
  events: EventService
  gitInspect: GitInspectService
  idempotency: IdempotencyService
  logs: LogService
  oneCall: OneCallService
  releases: ReleaseService
  setup: SetupService
  stoppedPages: StoppedPageService
  system: SystemService
  tokens: TokenService
  uploads: UploadService
  users: UserService
}

/** The settings that the HTTP layer reads; names as in `settings.ts`. */
export interface ServerConfig {
  COOKIE_SECURE: boolean
  DASHBOARD_DIR?: string
  MANAGER_URL: string
  REQUESTS_PER_MINUTE: number
  SESSION_SECRET: string
  TRUSTED_PROXY: string[]
  singleOrigin: boolean
}

export interface ServerOptions {
  config: ServerConfig
  services: Services
  log: FastifyBaseLogger
  /** False: another manager acts, and this one only reads. */
  isLeading?: () => boolean
  newId?: () => string
  /** How often streams look whether their caller still may follow them; a minute. */
  recheckMs?: number
}
