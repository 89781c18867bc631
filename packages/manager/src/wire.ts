import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { type Backend, openBackend } from './backend.ts'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import { createServer } from './http/server.ts'
import { createBuildWorker } from './loops/build-worker.ts'
import { createCrashPoint } from './loops/crash-point.ts'
import { followEngine } from './loops/follow-engine.ts'
import { createLeadership } from './loops/leadership.ts'
import { createLoop } from './loops/loop.ts'
import { createReconciler } from './loops/reconciler.ts'
import { createIdempotencyRepository } from './repositories/idempotency-keys.ts'
import { createStore } from './repositories/store.ts'
import { createThrottleRepository } from './repositories/throttles.ts'
import { createAdmission } from './services/admission.ts'
import { createAppTurns } from './services/app-turns.ts'
import { createAppService } from './services/apps.ts'
import { createAuditService } from './services/audit.ts'
import { createAuthService } from './services/auth.ts'
import { createBuildProgress } from './services/build-progress.ts'
import { createChangeHub } from './services/change-hub.ts'
import { createCleanupService } from './services/cleanup.ts'
import { createCollaboratorService } from './services/collaborators.ts'
import { createCrashRecorder } from './services/crash-recorder.ts'
import { createCredentialService, createCredentialVault } from './services/credentials.ts'
import { createDeploymentService } from './services/deployments.ts'
import { createDevices } from './services/devices.ts'
import { createEventService } from './services/events.ts'
import { createFailureReporter } from './services/failure-report.ts'
import { createGitInspectService } from './services/git-inspect.ts'
import { createIdempotencyService } from './services/idempotency-service.ts'
import { createKeyRing } from './services/key-ring.ts'
import { createLogService } from './services/logs.ts'
import { createObservation } from './services/observation.ts'
import { createOneCallService } from './services/one-call.ts'
import { createPasswords } from './services/password.ts'
import { appUrl } from './services/platform.ts'
import { createPurge } from './services/purge.ts'
import { createReleaseService } from './services/releases.ts'
import { createRetention } from './services/retention.ts'
import { createRollouts } from './services/rollouts.ts'
import { createRuntimes } from './services/runtimes.ts'
import { checkSecrets } from './services/secret-check.ts'
import { createSessionService } from './services/sessions.ts'
import { createSetupService, offerSetup } from './services/setup.ts'
import { createStoppedPageService } from './services/stopped-page.ts'
import { createSystemService } from './services/system.ts'
import { createSystemOverview } from './services/system-overview.ts'
import { createThrottle } from './services/throttle.ts'
import { createTokenCache } from './services/token-cache.ts'
import { createTokenService } from './services/tokens.ts'
import { createUploadService } from './services/uploads.ts'
import { createUserService } from './services/users.ts'
import { createCodeStorage } from './sources/code-storage.ts'
import { createGitSource } from './sources/git.ts'
import type { Resolve } from './sources/pin-address.ts'
import type { Spawner } from './spawner/spawner.ts'

export interface Manager {
  server: FastifyInstance
  /** Loops begin; they act while this is the one active manager. */
  start(): Promise<void>
  /** Fires when the engine lives, but only a new start of this process can reach it again. */
  cutOff: AbortSignal
  /** Streams first, then loops, then the backend; the database is the caller's. Apps keep running. */
  close(): Promise<void>
}

export interface WireOptions {
  config: Config
  log: FastifyBaseLogger
  database: Database
  /** Tests hand in a fake they can break. */
  backend?: Backend
  /** Tests know hosts that nobody else does. */
  resolve?: Resolve
  now?: () => Date
  elapsedMs?: () => number
}

/** The composition root: every part, in the order in which they need each other. */
export async function wire(options: WireOptions): Promise<Manager> {
  const { config, log, database, backend, now = () => new Date(), elapsedMs = () => performance.now() } = options
  const crashPoint = createCrashPoint({ phase: config.CRASH_AT, dataDir: config.DATA_DIR })
  const { spawner, builder } = backend ?? (await openBackend(config, log, crashPoint))
  const resolver = options.resolve ? { resolve: options.resolve } : {}
  const store = createStore(database.db)
  const storage = createCodeStorage(config.DATA_DIR)
  const git = createGitSource({ allowedHosts: config.GIT_ALLOWED_HOSTS, caFile: config.EXTRA_CA_FILE, ...resolver })
  const hub = createChangeHub()
  const keys = createKeyRing(config.SECRETS_KEYS)
  const vault = createCredentialVault({ store, keys, now })
  const observation = createObservation(now())
  const platform = platformOf(config)
  const newId = randomUUID
  const views = { store, observation, urlOf: (slug: string) => appUrl(platform, slug) }
  const wake = () => {
    buildLoop.wake()
    reconcileLoop.wake()
  }

  const progress = createBuildProgress({ store, hub, newId, now })
  const rollouts = createRollouts({ store, platform, now })
  const turns = createAppTurns()
  const reserve = { memoryBytes: config.MEMORY_RESERVE_MB * 2 ** 20, diskBytes: config.DISK_RESERVE_MB * 2 ** 20 }
  const admission = createAdmission({ store, spawner, reserve, now })
  const buildDeps = { store, storage, git, vault, admission, builder, progress, owner: newId(), log }
  const worker = createBuildWorker({ ...buildDeps, turns, slots: config.BUILD_CONCURRENCY, onEnd: wake })
  const abortBuild = worker.abort
  const purge = createPurge({ store, storage, builder, abortBuild })
  const report = createFailureReporter(spawner)
  const crashes = createCrashRecorder({ store, spawner, hub, now })
  const steps = { spawner, store, rollouts, observation, hub, report, crashes, admission, purge, at: crashPoint }
  const cutOff = new AbortController()
  const onCutOff = () => cutOff.abort()
  const reconciler = createReconciler({ ...steps, onCutOff, log, now, elapsedMs })
  const retention = createRetention({ store, storage, builder, observation, turns, now, log })

  const leadership = createLeadership({
    lead: database.lead,
    prepare: storage.prepare,
    begun: wake,
    ended: worker.stop,
    log,
  })
  const { during, isLeading } = leadership
  const rest = () => Promise.resolve(undefined)
  const leaderLoop = createLoop({ name: 'leadership', intervalMs: 1_000, run: leadership.run, log })
  const buildLoop = createLoop({ name: 'build-worker', intervalMs: 5_000, run: during(worker.run, rest), log })
  const reconcile = during(reconciler.run, reconciler.look)
  const reconcileLoop = createLoop({ name: 'reconciler', intervalMs: 10_000, run: reconcile, log })
  const retentionLoop = createLoop({ name: 'retention', intervalMs: 600_000, run: during(retention.run, rest), log })

  const changed = (appId: string) => {
    hub.changed(appId)
    reconcileLoop.wake()
  }
  const runtimes = createRuntimes(builder.runtimes)
  const asked = { store, admission, runtimes, newId, now }
  const overview = createSystemOverview({ store, spawner, observation })
  const tokenCache = createTokenCache({ elapsedMs })
  const throttle = createThrottle({ throttles: createThrottleRepository(database.db), secret: config.SESSION_SECRET })
  const people = { store, passwords: createPasswords(), throttle, tokenCache, newId, now }
  const apps = createAppService({ ...views, ...asked, appsPerUser: config.APPS_PER_USER, wake, changed })
  const uploads = createUploadService({ store, storage, newId, changed: hub.changed })
  const deployments = createDeploymentService({ ...asked, hub, observation, wake, abortBuild })
  const server = await createServer({
    config,
    log,
    isLeading,
    services: {
      appSessions: createSessionService({ store, spawner, observation, hub, now }),
      apps,
      audit: createAuditService(store, now),
      auth: createAuthService({ ...people, devices: createDevices(config.SESSION_SECRET) }),
      cleanup: createCleanupService({ store, builder, retention, turns, log }),
      collaborators: createCollaboratorService({ store, apps, changed }),
      credentials: createCredentialService({ store, keys, newId, now }),
      deployments,
      events: createEventService({ ...views, hub, epoch: newId().slice(0, 8) }),
      gitInspect: createGitInspectService({ git, store, vault, stagingDir: storage.stagingDir, newId }),
      idempotency: createIdempotencyService(createIdempotencyRepository(database.db)),
      logs: createLogService({ store, storage, spawner }),
      oneCall: createOneCallService({ store, apps, uploads, deployments }),
      releases: createReleaseService(store),
      setup: createSetupService(people),
      stoppedPages: createStoppedPageService(views),
      system: createSystemService({ pingDatabase: database.ping, observation, runtimes, isLeading, overview }),
      tokens: createTokenService({ store, cache: tokenCache, newId }),
      uploads,
      users: createUserService(people),
    },
  })

  const stopping = new AbortController()
  const loops = [leaderLoop, buildLoop, reconcileLoop, retentionLoop]
  /** Who stands by looks at the engine, and leaves what to record to the active one. */
  const onHint: typeof crashes.onHint = async (hint, signal) => (isLeading() ? crashes.onHint(hint, signal) : undefined)
  let watching: Promise<unknown> = Promise.resolve()
  return {
    server,
    cutOff: cutOff.signal,
    async start() {
      await refuseForeignDatabase(store.installation.claim(config.INSTALLATION_ID), config.INSTALLATION_ID)
      await checkSecrets({ installation: store.installation, vault, keys, log })
      await offerSetup({ store, managerUrl: config.MANAGER_URL, log })
      await leadership.run()
      for (const loop of loops) loop.start()
      const following = followEngine({ spawner, lookAgain: reconcileLoop.wake, onHint, log }, stopping.signal)
      watching = Promise.all([following, reportPreflight(spawner, log, stopping.signal)])
    },
    async close() {
      stopping.abort()
      await closeServer(server)
      // The loop first: it must not start a build that nobody ends.
      const building = buildLoop.stop().then(worker.stop)
      const reconciling = reconcileLoop.stop().then(reconciler.settled)
      await Promise.all([building, reconciling, watching, ...loops.map((loop) => loop.stop())])
      await spawner[Symbol.asyncDispose]()
    },
  }
}

/** What is wrong with engine or proxy is said once; the loops go on, and it may be repaired meanwhile. */
async function reportPreflight(spawner: Spawner, log: FastifyBaseLogger, signal: AbortSignal) {
  try {
    const { findings } = await spawner.preflight(signal)
    for (const { subject, message } of findings.filter(({ ok }) => !ok)) log.error({ subject }, message)
  } catch (error) {
    if (!signal.aborted) log.error({ err: error }, 'the engine could not be checked')
  }
}

/** Requests under way may end; a connection that never asks for anything must not hold the process. */
async function closeServer(server: FastifyInstance) {
  const limit = setTimeout(() => server.server.closeAllConnections(), 10_000)
  await server.close()
  clearTimeout(limit)
}

function platformOf(config: Config) {
  return {
    appsUrl: config.APPS_URL.replace(/\/$/, ''),
    appHosts: config.appsHosts,
    entryPoint: config.ENTRY_POINT,
    isSingleOrigin: config.singleOrigin,
    networkBase: config.NETWORK_BASE,
    bakeMs: config.BAKE_SECONDS * 1_000,
    standIn: config.STAND_IN_SERVICE,
  }
}

async function refuseForeignDatabase(recorded: Promise<string>, installationId: string) {
  const owner = await recorded
  if (owner === installationId) return
  throw new Error(`This database belongs to the installation ${owner}; INSTALLATION_ID says ${installationId}`)
}
