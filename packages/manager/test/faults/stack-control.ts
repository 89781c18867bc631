import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '../../src/spawner/contract-steps.ts'
import { stack } from '../e2e/stack.ts'

const root = join(import.meta.dirname, '../../../..')

/** Compose on the stack under test, as its scripts call it; `settings` win over its .env. */
export async function compose(args: string[], settings: Record<string, string> = {}) {
  const script = '. scripts/lib.sh && load_env && compose "$@"'
  const env = { ...process.env, ...settings }
  await promisify(execFile)('bash', ['-c', script, 'compose', ...args], { cwd: root, env })
}

/** A new container for the manager, with settings that the next start without them forgets. */
export async function startManager(settings: Record<string, string> = {}) {
  await compose(['up', '--detach', '--no-deps', '--wait', 'manager'], settings)
  await untilManagerAnswers()
}

/** Through the proxy, which needs a moment to see a new container. */
export async function untilManagerAnswers() {
  const health = async () => (await fetch(`${stack.url}/api/health`)).status
  await until(
    () => health().catch(() => 0),
    (status) => status === 200,
  )
}
