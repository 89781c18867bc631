import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, instant } from './columns.ts'
import { users } from './people-schema.ts'
import type {
  AppFunction,
  BuildFacts,
  BuildPhase,
  BuildStatus,
  CodeSource,
  Crashes,
  DeploymentKind,
  DeploymentStatus,
  Failure,
  InstalledPackage,
  PackageLock,
  PackagesFrom,
  PhaseTimes,
  ReleaseSettings,
  Resources,
  Revision,
  Step,
} from './row-types.ts'

// One schema in two files: who may do what is in the other one.
export * from './people-schema.ts'

export const installation = pgTable(
  'installation',
  {
    /** One row only. */
    one: boolean('one').primaryKey().default(true),
    installationId: uuid('installation_id').notNull(),
    /** Sealed by the key ring: a manager with other keys finds out at its start. */
    canary: text('canary'),
    /** sha256 of the token in the set-up link, until the first admin is made. */
    setupTokenHash: text('setup_token_hash'),
    setupExpiresAt: instant('setup_expires_at'),
    createdAt: createdAt(),
  },
  (table) => [check('installation_one', sql`${table.one}`)],
)

/** For private repositories of one host. */
export const credentials = pgTable(
  'credentials',
  {
    id: uuid('id').primaryKey(),
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** `host` or `host:port`. */
    host: text('host').notNull(),
    username: text('username').notNull(),
    /** Sealed; never leaves the manager but to git. */
    secret: text('secret').notNull(),
    createdAt: createdAt(),
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [index('credentials_owner').on(table.ownerId, table.createdAt)],
)

export const apps = pgTable(
  'apps',
  {
    id: uuid('id').primaryKey(),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    ownerId: uuid('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'restrict' }),
    codeSource: jsonb('code_source').$type<CodeSource>().notNull(),
    rVersion: text('r_version').notNull(),
    packages: jsonb('packages').$type<string[]>().notNull(),
    systemPackages: jsonb('system_packages').$type<string[]>().notNull(),
    entryScript: text('entry_script').notNull(),
    mode: text('mode').$type<'ocap' | 'http'>().notNull(),
    replicas: integer('replicas').notNull(),
    resources: jsonb('resources').$type<Resources>().notNull(),
    drainSeconds: integer('drain_seconds').notNull().default(600),
    startTimeoutSeconds: integer('start_timeout_seconds').notNull().default(120),
    buildTimeoutSeconds: integer('build_timeout_seconds').notNull().default(3600),
    keepReleases: integer('keep_releases').notNull().default(5),
    egress: text('egress').$type<'internet' | 'none'>().notNull().default('internet'),
    reuseConnections: boolean('reuse_connections').notNull().default(false),
    desiredState: text('desired_state').$type<'running' | 'stopped' | 'deleted'>().notNull().default('stopped'),
    /** Rises by one with every rollout; never reused. */
    generation: integer('generation').notNull().default(0),
    /** Rises by one with every build that is asked for; gaps are fine. */
    releaseNumber: integer('release_number').notNull().default(0),
    /** Index of the app's /27 in the app half of NETWORK_BASE. */
    subnetIndex: integer('subnet_index').notNull(),
    version: integer('version').notNull().default(1),
    createdAt: createdAt(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('apps_slug').on(table.slug),
    uniqueIndex('apps_subnet_index').on(table.subnetIndex),
    index('apps_owner').on(table.ownerId, table.createdAt),
  ],
)

/** Addresses of deleted apps, kept from others for a while. */
export const releasedSlugs = pgTable('released_slugs', {
  slug: text('slug').primaryKey(),
  ownerId: uuid('owner_id').notNull(),
  releasedAt: instant('released_at').notNull(),
})

export const appCollaborators = pgTable(
  'app_collaborators',
  {
    appId: uuid('app_id')
      .notNull()
      .references(() => apps.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text('role').$type<'viewer' | 'editor'>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.appId, table.userId] }), index('app_collaborators_user').on(table.userId)],
)

const appId = () =>
  uuid('app_id')
    .notNull()
    .references(() => apps.id, { onDelete: 'cascade' })

export const uploads = pgTable(
  'uploads',
  {
    id: uuid('id').primaryKey(),
    appId: appId(),
    revision: jsonb('revision').$type<Revision>().notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('uploads_app').on(table.appId, table.createdAt)],
)

export const releases = pgTable(
  'releases',
  {
    id: uuid('id').primaryKey(),
    appId: appId(),
    number: integer('number').notNull(),
    imageId: text('image_id').notNull(),
    revision: jsonb('revision').$type<Revision>().notNull(),
    packages: jsonb('packages').$type<InstalledPackage[]>().notNull(),
    /** Null when no package was asked for, and in releases of earlier versions. */
    lock: jsonb('lock').$type<PackageLock>(),
    packagesFrom: text('packages_from').$type<PackagesFrom>(),
    /** Null: not listed when it was built. */
    functions: jsonb('functions').$type<AppFunction[]>(),
    settings: jsonb('settings').$type<ReleaseSettings>().notNull(),
    createdAt: createdAt(),
    /** Set when the image was removed to keep only the app's last releases: it can be read, but no longer deployed. */
    imageRemovedAt: instant('image_removed_at'),
  },
  (table) => [uniqueIndex('releases_number').on(table.appId, table.number)],
)

export const deployments = pgTable(
  'deployments',
  {
    id: uuid('id').primaryKey(),
    appId: appId(),
    kind: text('kind').$type<DeploymentKind>().notNull(),
    status: text('status').$type<DeploymentStatus>().notNull(),
    /** Null until the rollout begins. */
    generation: integer('generation'),
    releaseNumber: integer('release_number'),
    releaseId: uuid('release_id').references(() => releases.id, { onDelete: 'set null' }),
    steps: jsonb('steps').$type<Step[]>().notNull(),
    times: jsonb('times').$type<Partial<PhaseTimes>>().notNull().default({}),
    /** The workload as it was begun, frozen: an upgraded manager must not see a changed spec in a running generation. */
    spec: jsonb('spec').$type<unknown>(),
    /** Null until a replica of it died while it was live. */
    crashes: jsonb('crashes').$type<Crashes>(),
    failure: jsonb('failure').$type<Failure>(),
    requestedBy: uuid('requested_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    finishedAt: instant('finished_at'),
  },
  (table) => [
    index('deployments_app').on(table.appId, table.createdAt),
    // A rollout belongs to one deployment: the database, not a lock in memory, makes it serial per app.
    uniqueIndex('deployments_one_rollout')
      .on(table.appId)
      .where(sql`${table.status} in ('starting', 'verifying', 'switching')`),
    uniqueIndex('deployments_one_live').on(table.appId).where(sql`${table.status} = 'live'`),
  ],
)

export const builds = pgTable(
  'builds',
  {
    id: uuid('id').primaryKey(),
    appId: appId(),
    deploymentId: uuid('deployment_id')
      .notNull()
      .references(() => deployments.id, { onDelete: 'cascade' }),
    status: text('status').$type<BuildStatus>().notNull(),
    phase: text('phase').$type<BuildPhase>(),
    /** What to build, frozen when it was asked for. */
    facts: jsonb('facts').$type<BuildFacts>().notNull(),
    cancelRequested: boolean('cancel_requested').notNull().default(false),
    leaseOwner: text('lease_owner'),
    leaseUntil: instant('lease_until'),
    attempt: integer('attempt').notNull().default(0),
    logBytes: bigint('log_bytes', { mode: 'number' }).notNull().default(0),
    createdAt: createdAt(),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
  },
  (table) => [
    index('builds_queue').on(table.status, table.createdAt),
    index('builds_deployment').on(table.deploymentId),
    uniqueIndex('builds_one_running').on(table.appId).where(sql`${table.status} = 'running'`),
    uniqueIndex('builds_one_queued').on(table.appId).where(sql`${table.status} = 'queued'`),
  ],
)

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    key: text('key').notNull(),
    /** HMAC over method, path and body. */
    requestHash: text('request_hash').notNull(),
    /** Null while the first request runs. */
    answer: jsonb('answer').$type<{ status: number; headers: Record<string, string>; body: string }>(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.key] }),
    index('idempotency_keys_created').on(table.createdAt),
  ],
)
