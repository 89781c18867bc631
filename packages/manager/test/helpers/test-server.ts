import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify'
import type { Database } from '../../src/db/database.ts'
import { createServer } from '../../src/http/server.ts'
import type { ServerConfig, Services } from '../../src/http/server-options.ts'
import { createIdempotencyRepository } from '../../src/repositories/idempotency-keys.ts'
import { createStore } from '../../src/repositories/store.ts'
import { createThrottleRepository } from '../../src/repositories/throttles.ts'
import { createUserRepository } from '../../src/repositories/users.ts'
import { createAuditService } from '../../src/services/audit.ts'
import { createAuthService } from '../../src/services/auth.ts'
import { createDevices } from '../../src/services/devices.ts'
import { createIdempotencyService } from '../../src/services/idempotency-service.ts'
import { createPasswords, type Passwords } from '../../src/services/password.ts'
import { type Principal, sessionPrincipal } from '../../src/services/principal.ts'
import { createSetupService } from '../../src/services/setup.ts'
import { createThrottle } from '../../src/services/throttle.ts'
import { createTokenCache } from '../../src/services/token-cache.ts'
import { createTokenService } from '../../src/services/tokens.ts'
import { createUserService } from '../../src/services/users.ts'

export const password = 'correct horse battery'
const passwords = createPasswords()
let hashed: Promise<string> | undefined

export const testConfig: ServerConfig = {
  COOKIE_SECURE: false,
  MANAGER_URL: 'http://localhost:8880',
  REQUESTS_PER_MINUTE: 3_000,
  SESSION_SECRET: '0123456789abcdef0123456789abcdef',
  TRUSTED_PROXY: [],
  singleOrigin: true,
}

export const silentLog = Fastify({ logger: { level: process.env.TEST_LOG_LEVEL ?? 'silent' } }).log

interface TestServerOptions {
  config?: Partial<ServerConfig>
  services?: Partial<Services>
  log?: typeof silentLog
  recheckMs?: number
}

/** The HTTP layer alone, with real sign-in; services that a test does not give are not there. */
export function createTestServer(
  { db }: Database,
  { config, services, log = silentLog, recheckMs = 60_000 }: TestServerOptions = {},
) {
  const idempotency = createIdempotencyService(createIdempotencyRepository(db))
  return createServer({
    config: { ...testConfig, ...config },
    services: { ...missingServices, ...createPeople(db), idempotency, ...services },
    log,
    recheckMs,
  })
}

/** The services that know who somebody is. */
export function createPeople(db: Database['db'], usePasswords: Passwords = passwords) {
  const store = createStore(db)
  const secret = testConfig.SESSION_SECRET
  const tokenCache = createTokenCache({ elapsedMs: () => performance.now() })
  const throttle = createThrottle({ throttles: createThrottleRepository(db), secret })
  const deps = { store, passwords: usePasswords, throttle, tokenCache, newId: randomUUID, now: () => new Date() }
  return {
    audit: createAuditService(store, deps.now),
    auth: createAuthService({ ...deps, devices: createDevices(secret) }),
    setup: createSetupService(deps),
    tokens: createTokenService({ store, cache: tokenCache, newId: randomUUID }),
    users: createUserService(deps),
  }
}

/** For what needs no request: the routes and their document. */
export const createIdleServer = () => createServer({ config: testConfig, services: missingServices, log: silentLog })

const missing = async () => {
  throw new Error('This test gave no such service')
}

const missingServices: Services = {
  appSessions: { list: missing, end: missing },
  audit: {
    list: missing,
    denied: missing,
    csv() {
      throw new Error('This test gave no such service')
    },
  },
  auth: {
    ...{ verify: missing, issueDevice: () => '', openSession: missing, findSession: missing, endSession: missing },
    ...{
      signOut: missing,
      listSessions: missing,
      endOwnSession: missing,
      updateMe: missing,
      verifyAgain: missing,
      changePassword: missing,
    },
  },
  collaborators: { list: missing, put: missing, remove: missing, transfer: missing },
  events: {
    open() {
      throw new Error('This test gave no such service')
    },
  },
  idempotency: { begin: missing, keep: missing, release: missing },
  apps: { list: missing, create: missing, get: missing, update: missing, remove: missing, checkSlug: missing },
  cleanup: { run: missing },
  credentials: { list: missing, create: missing, remove: missing },
  gitInspect: { inspect: missing },
  deployments: { request: missing, list: missing, get: missing, cancel: missing, endDrain: missing, waitFor: missing },
  logs: { check: missing, open: missing },
  oneCall: { deploy: missing, app: missing },
  releases: { list: missing, get: missing, functions: missing, renvLock: missing, diff: missing },
  setup: { isNeeded: missing, setUp: missing },
  stoppedPages: { stateOf: missing },
  system: { health: missing, isReady: missing, overview: missing, runtimes: missing },
  tokens: { list: missing, create: missing, remove: missing, authenticate: missing },
  uploads: { check: missing, receive: missing, inspect: missing },
  users: {
    ...{ list: missing, get: missing, create: missing, update: missing, remove: missing },
    ...{ listSessions: missing, signOut: missing },
  },
}

/** As services see somebody who has signed in. */
export const principalOf = (userId: string, username: string, role: 'admin' | 'user' = 'user'): Principal =>
  sessionPrincipal(
    { userId, username, displayName: null, email: null, role, isVerified: true },
    { address: '127.0.0.1', browser: 'test', requestId: 'test' },
  )

export async function addUser({ db }: Database, username: string, role: 'admin' | 'user' = 'user') {
  hashed ??= passwords.hash(password)
  const id = randomUUID()
  await createUserRepository(db).insertIfNew({ id, username, role, passwordHash: await hashed })
  return id
}

export async function signIn(server: FastifyInstance, username: string) {
  const response = await server.inject({
    method: 'POST',
    url: '/api/auth/login',
    payload: { username, password },
  })
  return cookieOf(response)
}

/** What a browser on a page of the dashboard sends. */
export const fromPage = (cookie: string) => ({ cookie, origin: testConfig.MANAGER_URL })

/** `name=value` of the cookie that an answer sets, as a browser sends it back. */
export function cookieOf(response: LightMyRequestResponse) {
  const [cookie] = response.cookies
  if (!cookie) throw new Error(`No cookie: ${response.statusCode} ${response.body}`)
  return `${cookie.name}=${encodeURIComponent(cookie.value)}`
}
