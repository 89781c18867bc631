// What idle apps cost the engine: requests of the manager to it in a minute, with 1, 10 and 50 apps that do nothing. The
// manager of a running stack gets a socket that is counted; afterwards it has its own again.
//   node bench/engine-calls.ts [--apps 1,10,50] [--seconds 60]
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import { openStack } from './lib/stack.ts'

const { values } = parseArgs({
  options: { apps: { type: 'string', default: '1,10,50' }, seconds: { type: 'string', default: '60' } },
})
const counts = values.apps.split(',').map(Number)
const root = join(import.meta.dirname, '..')
const api = await openStack()
const folder = await mkdtemp(join(tmpdir(), 'rsp-bench-'))
const recorder = await recordSocket(join(folder, 'docker.sock'))
const appIds: string[] = []
try {
  await useSocket(recorder.path)
  for (const count of counts) {
    await addApps(count - appIds.length)
    await sleep(20_000)
    console.log(`${String(count).padStart(3)} idle apps: ${await callsInAMinute()}`)
  }
} finally {
  for (const appId of appIds) await api.call('DELETE /api/apps/:appId', { params: { appId } })
  await useSocket('/var/run/docker.sock')
  recorder.close()
  await rm(folder, { recursive: true })
}

async function callsInAMinute() {
  recorder.seen.clear()
  await sleep(Number(values.seconds) * 1_000)
  const calls = [...recorder.seen].toSorted(([, a], [, b]) => b - a)
  const perMinute = (count: number) => Math.round((count * 60) / Number(values.seconds))
  const total = perMinute(calls.reduce((sum, [, count]) => sum + count, 0))
  return `${total} calls a minute (${calls.map(([path, count]) => `${path} ${perMinute(count)}`).join(', ')})`
}

async function addApps(count: number) {
  const body = new FormData()
  body.append('bundle', new Blob([await hello()]), 'code.tar.gz')
  const added = Array.from({ length: count }, async (_, index) => {
    const slug = `idle-${Date.now().toString(36)}-${index}`
    const { id } = await api.call('POST /api/apps', { body: { name: slug, slug, codeSource: { type: 'upload' } } })
    appIds.push(id)
    await api.send(`/api/apps/${id}/upload`, { method: 'POST', body })
    const { status } = await api.settle(id, 'deploy')
    if (status !== 'live') throw new Error(`an idle app is ${status}`)
  })
  await Promise.all(added)
}

async function hello() {
  const options = { encoding: 'buffer' as const }
  const { stdout } = await promisify(execFile)('tar', ['-C', join(root, 'examples/hello'), '-cz', '.'], options)
  return new Uint8Array(stdout)
}

/** A new container for the manager, with this socket in the place of the engine's. */
async function useSocket(path: string) {
  const overlay = join(folder, 'overlay.yml')
  await writeFile(overlay, `services: { manager: { volumes: ["${path}:/var/run/docker.sock"] } }\n`)
  const script = '. scripts/lib.sh && load_env && compose -f "$0" up --detach --no-deps --wait manager'
  await promisify(execFile)('bash', ['-c', script, overlay], { cwd: root })
  await sleep(2_000)
}

/** Passes everything on, and counts requests by method and kind of path. */
async function recordSocket(path: string) {
  const seen = new Map<string, number>()
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const engine = connect('/var/run/docker.sock')
    for (const socket of [client, engine]) open.add(socket.on('error', () => client.destroy()))
    client.on('data', (chunk) => {
      for (const [, method, target = ''] of chunk
        .toString('latin1')
        .matchAll(/^(GET|POST|DELETE|PUT|HEAD) (\S+) HTTP/gm)) {
        const kind = `${method} ${target
          .split('?')[0]
          ?.replace(/^\/v[\d.]+/, '')
          .replace(/[0-9a-f]{12,}|rsp-[\w-]+/g, ':id')}`
        seen.set(kind, (seen.get(kind) ?? 0) + 1)
      }
    })
    client.pipe(engine).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  await chmod(path, 0o666)
  await chmod(folder, 0o755)
  return {
    path,
    seen,
    close() {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
