import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify'
import type { Database } from '../../src/db/database.ts'
import { createServer } from '../../src/http/server.ts'
import type { ServerConfig, Services } from '../../src/http/server-options.ts'
import { createIdempotencyRepository } from '../../src/repositories/idempotency-keys.ts'
import { createLoginSessionRepository } from '../../src/repositories/login-sessions.ts'
import { createUserRepository } from '../../src/repositories/users.ts'
import { createAuthService } from '../../src/services/auth-service.ts'
import { createIdempotencyService } from '../../src/services/idempotency-service.ts'
import { createPasswords } from '../../src/services/password.ts'

export const password = 'correct horse battery'
const passwords = createPasswords()
let hashed: Promise<string> | undefined

export const testConfig: ServerConfig = {
  COOKIE_SECURE: false,
  SESSION_SECRET: '0123456789abcdef0123456789abcdef',
  TRUSTED_PROXY: [],
  singleOrigin: true,
}

export const silentLog = Fastify({ logger: { level: process.env.TEST_LOG_LEVEL ?? 'silent' } }).log

interface TestServerOptions {
  config?: Partial<ServerConfig>
  services?: Partial<Services>
  log?: typeof silentLog
}

/** The HTTP layer alone, with real sign-in; services that a test does not give are not there. */
export function createTestServer({ db }: Database, { config, services, log = silentLog }: TestServerOptions = {}) {
  const auth = createAuthService({
    users: createUserRepository(db),
    sessions: createLoginSessionRepository(db),
    passwords,
  })
  const idempotency = createIdempotencyService(createIdempotencyRepository(db))
  return createServer({
    config: { ...testConfig, ...config },
    services: { ...missingServices, auth, idempotency, ...services },
    log,
  })
}

/** For what needs no request: the routes and their document. */
export const createIdleServer = () => createServer({ config: testConfig, services: missingServices, log: silentLog })

const missing = async () => {
  throw new Error('This test gave no such service')
}

const missingServices: Services = {
  appSessions: { list: missing, end: missing },
  auth: { verify: missing, openSession: missing, findSession: missing, endSession: missing },
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
  logs: { open: missing },
  oneCall: { deploy: missing, app: missing },
  releases: { list: missing, get: missing, functions: missing, renvLock: missing, diff: missing },
  stoppedPages: { stateOf: missing },
  system: { health: missing, isReady: missing, overview: missing, runtimes: missing },
  uploads: { check: missing, receive: missing },
}

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

/** `name=value` of the cookie that an answer sets, as a browser sends it back. */
export function cookieOf(response: LightMyRequestResponse) {
  const [cookie] = response.cookies
  if (!cookie) throw new Error(`No cookie: ${response.statusCode} ${response.body}`)
  return `${cookie.name}=${encodeURIComponent(cookie.value)}`
}
