import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config.ts'
import type { AppService } from '../services/app-service.ts'
import type { AuthService } from '../services/auth-service.ts'
import type { DeploymentService } from '../services/deployment-service.ts'
import type { IdempotencyService } from '../services/idempotency-service.ts'
import type { LogService } from '../services/log-service.ts'
import type { ReleaseService } from '../services/release-service.ts'
import type { StoppedPageService } from '../services/stopped-page-service.ts'
import type { SystemService } from '../services/system-service.ts'
import type { UploadService } from '../services/upload-service.ts'

export interface Services {
  apps: AppService
  auth: AuthService
  deployments: DeploymentService
  idempotency: IdempotencyService
  logs: LogService
  releases: ReleaseService
  stoppedPages: StoppedPageService
  system: SystemService
  uploads: UploadService
}

export interface ServerOptions {
  config: Pick<
    Config,
    'COOKIE_SECURE' | 'DASHBOARD_DIR' | 'MANAGER_URL' | 'SESSION_SECRET' | 'TRUSTED_PROXY' | 'singleOrigin'
  >
  services: Services
  log: FastifyBaseLogger
  newId?: () => string
}
