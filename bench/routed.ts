// How long visitors wait for a replica that is ready: from the engine's word that it is healthy to its first answer
// through the proxy. Restarts one app of a running stack again and again.
//   node bench/routed.ts [--times 20]
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { textOf } from './lib/first-reply.ts'
import { median } from './lib/ratio.ts'
import { openStack } from './lib/stack.ts'
import { deployWho } from './lib/who-app.ts'

const { values } = parseArgs({ options: { times: { type: 'string', default: '20' } } })
const pollMs = 20
const api = await openStack()
const who = await deployWho(api)
const healthyAt = followHealth(who.appId)
const waits: number[] = []
try {
  for (let time = 0; time < Number(values.times); time += 1) waits.push(await restartOnce())
} finally {
  healthyAt.stop()
  await who.remove()
}
console.log(
  `healthy to first routed answer, ms: median ${median(waits)}, max ${Math.max(...waits)}, of ${waits.length}`,
)

async function restartOnce(): Promise<number> {
  const before = await textOf(who.url)
  const seen = healthyAt.times.length
  const restarted = api.settle(who.appId, 'restart')
  let text = before
  while (text === undefined || text === before) {
    await sleep(pollMs)
    text = await textOf(who.url)
  }
  const answeredAt = Date.now()
  await restarted
  const began = healthyAt.times[seen]
  if (began === undefined) throw new Error('the engine told of no healthy replica')
  return Math.max(0, answeredAt - began)
}

/** Times, in ms of the engine's clock, at which replicas of the app turned healthy. */
function followHealth(appId: string) {
  const filters = ['event=health_status', `label=rserve-proxy.io/app-id=${appId}`].flatMap((one) => ['--filter', one])
  const events = spawn('docker', ['events', '--format', '{{.Action}} {{.TimeNano}}', ...filters])
  const times: number[] = []
  createInterface({ input: events.stdout }).on('line', (line) => {
    const [, at] = /^health_status: healthy (\d+)$/.exec(line) ?? []
    if (at) times.push(Number(at.slice(0, -6)))
  })
  return { times, stop: () => events.kill() }
}
