import { sql } from 'drizzle-orm'
import { index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, instant } from './columns.ts'

// Who may do what, and who did.

export const users = pgTable(
  'users',
  {
    id: uuid('id').primaryKey(),
    username: text('username').notNull(),
    displayName: text('display_name'),
    email: text('email'),
    passwordHash: text('password_hash').notNull(),
    role: text('role').$type<'admin' | 'user'>().notNull(),
    /** Rises when all login sessions and tokens of before must end. */
    authEpoch: integer('auth_epoch').notNull().default(0),
    disabledAt: instant('disabled_at'),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex('users_username').on(sql`lower(${table.username})`)],
)

export const loginSessions = pgTable(
  'login_sessions',
  {
    /** sha256 of the session id, hex: a stolen dump signs nobody in. */
    idHash: text('id_hash').primaryKey(),
    /** For people: names the session, and opens nothing. */
    id: uuid('id').notNull().unique().defaultRandom(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    authEpoch: integer('auth_epoch').notNull().default(0),
    address: text('address').notNull().default(''),
    browser: text('browser').notNull().default(''),
    /** When the password was given last. */
    verifiedAt: instant('verified_at').notNull().defaultNow(),
    createdAt: createdAt(),
    lastSeenAt: instant('last_seen_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (table) => [index('login_sessions_user').on(table.userId), index('login_sessions_expires').on(table.expiresAt)],
)

export const apiTokens = pgTable(
  'api_tokens',
  {
    id: uuid('id').primaryKey(),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    authEpoch: integer('auth_epoch').notNull(),
    name: text('name').notNull(),
    /** sha256 of the whole token, hex: it is random enough to need no slow hash. */
    hash: text('hash').notNull(),
    prefix: text('prefix').notNull(),
    scopes: jsonb('scopes').$type<('read' | 'deploy' | 'manage' | 'admin')[]>().notNull(),
    /** Null: every app of its user. */
    appIds: jsonb('app_ids').$type<string[]>(),
    createdAt: createdAt(),
    expiresAt: instant('expires_at'),
    revokedAt: instant('revoked_at'),
    lastUsedAt: instant('last_used_at'),
  },
  (table) => [uniqueIndex('api_tokens_hash').on(table.hash), index('api_tokens_user').on(table.userId)],
)

/** Failed attempts to prove who one is, by account, address or device; the key tells no name. */
export const throttles = pgTable(
  'throttles',
  {
    bucket: text('bucket').primaryKey(),
    attempts: integer('attempts').notNull(),
    windowEndsAt: instant('window_ends_at').notNull(),
    blockedUntil: instant('blocked_until'),
  },
  (table) => [index('throttles_window').on(table.windowEndsAt)],
)

/** Append-only: a trigger refuses UPDATE and DELETE. No foreign keys, for it outlives what it tells of. */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    at: createdAt(),
    actorId: uuid('actor_id'),
    actorName: text('actor_name'),
    auth: text('auth').$type<'session' | 'token' | 'none' | 'console'>().notNull(),
    tokenId: uuid('token_id'),
    address: text('address'),
    action: text('action').notNull(),
    objectType: text('object_type'),
    objectId: text('object_id'),
    objectName: text('object_name'),
    appId: uuid('app_id'),
    result: text('result').$type<'success' | 'denied' | 'failed'>().notNull(),
    detail: text('detail'),
    requestId: text('request_id'),
  },
  (table) => [
    index('audit_events_at').on(table.at, table.id),
    index('audit_events_app').on(table.appId, table.at),
    index('audit_events_actor').on(table.actorId, table.at),
  ],
)
