// The manager on this machine with apps in memory, restarted by every change, and the dashboard beside it.
// usage: bun run dev
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const data = join(root, '.data')
mkdirSync(data, { recursive: true, mode: 0o700 })
const password = kept('admin-password', () => randomBytes(9).toString('base64url'))
const dashboard = 'http://localhost:5173'

const env = {
  MANAGER_URL: dashboard,
  APPS_URL: 'http://localhost:3000',
  INSTALLATION_ID: kept('installation-id', randomUUID),
  SESSION_SECRET: kept('session-secret', () => randomBytes(32).toString('hex')),
  SECRETS_KEYS: kept('secrets-keys', () => `k1:${randomBytes(32).toString('base64')}`),
  ALLOW_SINGLE_ORIGIN: 'true',
  COOKIE_SECURE: 'false',
  DATA_DIR: data,
  SPAWNER: 'fake',
  ...process.env,
}

seed()
console.log(`\n  ${dashboard}   sign in as admin, ${password}\n`)
const parts = [
  run(['--watch', '--watch-preserve-output', 'packages/manager/src/main.ts']),
  run([join(root, 'node_modules/vite/bin/vite.js'), 'packages/dashboard', '--strictPort']),
]
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
// One without the other is of no use.
for (const part of parts) part.once('exit', stop)

function run(args: string[]) {
  return spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' })
}

function stop() {
  // Once: a second signal would cut the manager's orderly end short.
  for (const part of parts) if (!part.killed) part.kill('SIGTERM')
}

// Before the manager starts: the embedded database takes one process at a time.
function seed() {
  const { status, stderr } = spawnSync(process.execPath, ['packages/manager/src/seed.ts'], {
    cwd: root,
    env,
    input: password,
  })
  if (status === 0) return
  console.error(String(stderr))
  process.exit(1)
}

function kept(name: string, make: () => string) {
  const file = join(data, name)
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}
