// What knowing who calls costs: CPU of a call with a token against a bare Fastify route with the same answer, what forty
// wrong sign-ins at once do to everybody else, and whether time tells who has an account. Needs no stack.
//   node bench/access.ts [--calls 20000] [--reps 5]
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Usage } from './lib/access-child.ts'
import { median, ratioOf } from './lib/ratio.ts'

const { values } = parseArgs({
  options: { calls: { type: 'string', default: '20000' }, reps: { type: 'string', default: '5' } },
})
const calls = Number(values.calls)
const agent = new Agent({ keepAlive: true, maxSockets: 200 })

const bare = await start('bare')
const manager = await start('manager')
try {
  const admin = await setUp()
  const authorization = `Bearer ${await makeToken(admin)}`
  const pairs = []
  // Compilers warm up for some ten thousand calls; the larger program needs more of them.
  await cpuOfCalls(manager, 30_000, { authorization })
  await cpuOfCalls(bare, 30_000, {})
  for (let rep = 0; rep < Number(values.reps); rep++)
    pairs.push({ ours: await cpuOfCalls(manager, calls, { authorization }), peer: await cpuOfCalls(bare, calls, {}) })
  const { ours, peer, ratio, min, max } = ratioOf(pairs)
  console.log(
    `call with a token / bare Fastify route: ours ${ours.toFixed(1)} µs, peer ${peer.toFixed(1)} µs of CPU, ratio ${ratio.toFixed(2)}, min ${min.toFixed(2)}, max ${max.toFixed(2)} (limit 1.3)`,
  )
  console.log(await wrongSignIns())
  console.log(await unknownAndWrong(admin))
} finally {
  bare.child.kill()
  manager.child.kill()
  agent.destroy()
}

interface Started {
  child: ChildProcess
  port: number
  lines: string[]
}

async function start(kind: 'bare' | 'manager'): Promise<Started> {
  const child = fork(join(import.meta.dirname, 'lib/access-child.ts'), [kind])
  const lines: string[] = []
  child.on('message', ({ line }: { line?: string }) => line && lines.push(line))
  for (;;) {
    const [message]: { port?: number }[] = await once(child, 'message')
    if (message?.port) return { child, port: message.port, lines }
  }
}

async function usageOf({ child }: Started): Promise<Usage> {
  child.send('report')
  for (;;) {
    const [message]: (Usage | { line: string })[] = await once(child, 'message')
    if (message && 'cpuMicros' in message) return message
  }
}

async function cpuOfCalls(server: Started, count: number, headers: Record<string, string>) {
  await usageOf(server)
  let left = count
  const worker = async () => {
    while (left-- > 0) {
      const { status } = await call(server, 'GET', '/api/auth/me', headers)
      if (status !== 200) throw new Error(`a call was answered with ${status}`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  return (await usageOf(server)).cpuMicros / count
}

/** Forty accounts from forty addresses, so that no throttle spares the hashing. */
async function wrongSignIns(): Promise<string> {
  await usageOf(manager)
  let isOver = false
  const waits: number[] = []
  const others = (async () => {
    while (!isOver) {
      const { tookMs } = await call(manager, 'GET', '/api/health')
      waits.push(tookMs)
      await sleep(5)
    }
  })()
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async (_, count) => {
      const body = JSON.stringify({ username: `nobody${count}`, password: 'wrong wrong' })
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': `198.51.100.${count}` }
      return (await call(manager, 'POST', '/api/auth/login', headers, body)).status
    }),
  )
  isOver = true
  await others
  const { delayP99, delayMax } = await usageOf(manager)
  const sorted = waits.toSorted((a, b) => a - b)
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0
  const counts = [401, 429].map((status) => `${statuses.filter((one) => one === status).length} × ${status}`)
  return [
    `40 wrong sign-ins at once (${counts.join(', ')}): /api/health p99 ${p99.toFixed(0)} ms of ${sorted.length} calls (limit 500)`,
    `event loop delayed by ${delayP99.toFixed(0)} ms (p99), ${delayMax.toFixed(0)} ms at most`,
  ].join('; ')
}

/** Time must not tell who has an account: one sign-in after the other, known and unknown names in turn. */
async function unknownAndWrong(admin: Record<string, string>): Promise<string> {
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
  for (let count = 0; count < 30; count++) {
    const body = JSON.stringify({ username: `known${count}`, password: 'correct horse battery', role: 'user' })
    await call(manager, 'POST', '/api/users', admin, body)
  }
  for (let count = 0; count < 30; count++) {
    for (const kind of ['known', 'unknown'] as const) {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${count}` }
      const body = JSON.stringify({ username: `${kind}${count}`, password: 'wrong wrong' })
      times[kind].push((await call(manager, 'POST', '/api/auth/login', headers, body)).tookMs)
    }
  }
  const [known, unknown] = [median(times.known), median(times.unknown)]
  const ratio = (unknown / known).toFixed(2)
  return `wrong password ${known.toFixed(1)} ms, unknown name ${unknown.toFixed(1)} ms (medians), ratio ${ratio} (limit 0.9 to 1.1)`
}

/** The first admin, through the link that the new manager logged; answers the headers of his page. */
async function setUp(): Promise<Record<string, string>> {
  const link = manager.lines.map((line) => /"setupUrl":"[^"]*#([^"]+)"/.exec(line)?.[1]).find(Boolean)
  const json = { 'content-type': 'application/json' }
  const made = await call(
    manager,
    'POST',
    '/api/setup',
    json,
    JSON.stringify({ token: link, username: 'bench', password: 'correct horse battery' }),
  )
  const cookie = made.cookie.split(';')[0] ?? ''
  return { ...json, cookie, 'sec-fetch-site': 'same-origin' }
}

async function makeToken(headers: Record<string, string>): Promise<string> {
  const { text } = await call(manager, 'POST', '/api/auth/tokens', headers, JSON.stringify({ name: 'bench' }))
  const { token }: { token: string } = JSON.parse(text)
  return token
}

function call({ port }: Started, method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  const startedAt = performance.now()
  return new Promise<{ status: number; text: string; cookie: string; tookMs: number }>((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port, method, path, agent, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const cookie = answer.headers['set-cookie']?.[0] ?? ''
        const text = Buffer.concat(chunks).toString()
        resolve({ status: answer.statusCode ?? 0, text, cookie, tookMs: performance.now() - startedAt })
      })
    })
    asking.on('error', reject)
    asking.end(body)
  })
}
