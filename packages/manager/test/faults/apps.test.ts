import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { docker } from '../e2e/engine-facts.ts'
import { admin, type FaultApp, newApp } from './fault-app.ts'
import { untilSound } from './soundness.ts'
import { visit } from './visitors.ts'

// F14 to F17 and F19: apps that go wrong by themselves. A neighbour must never notice.

let neighbour: FaultApp
let neighbours: ReturnType<typeof visit>

beforeAll(async () => {
  neighbour = await newApp()
  expect(await neighbour.deploy('neighbour')).toMatchObject({ status: 'live' })
  neighbours = visit(neighbour.url)
})
afterEach(() => untilSound())
afterAll(async () => {
  const visits = await neighbours.stop()
  await neighbour[Symbol.asyncDispose]()
  expect(visits.failures).toEqual({})
})

async function liveApp(settings = {}) {
  const app = await newApp(settings)
  expect(await app.deploy('1')).toMatchObject({ status: 'live' })
  return app
}

const crashOf = async (app: FaultApp) => (await app.read()).crash
const statusOf = async (app: FaultApp) => (await app.read()).status
const serves = (app: FaultApp, version = '1') =>
  expect.poll(() => app.get('', 2_000), { timeout: 60_000, interval: 200 }).toEqual({ status: 200, text: version })

it('F14: a session that takes all memory is named, and the app serves on', async () => {
  await using app = await liveApp()
  expect((await app.get('hoard')).status).not.toBe(200)
  await expect
    .poll(() => crashOf(app), { timeout: 20_000 })
    .toMatchObject({ kind: 'session', outOfMemory: true, exitCode: null })
  expect(await app.get()).toEqual({ status: 200, text: '1' })
  expect((await app.containers()).map(({ Status }) => Status.replace(/Up .*\(/, '('))).toEqual(['(healthy)'])
})

it('F14: code that takes all memory while it loads never serves, and says why', async () => {
  await using app = await liveApp()
  const failed = await app.deploy('2', 'hoard()')
  expect(failed).toMatchObject({ status: 'failed', failure: { code: 'out-of-memory' } })
  expect(await app.get()).toEqual({ status: 200, text: '1' })
})

it('F15: an app that dies again and again is left in peace, told about, and saved by new code', async () => {
  await using app = await liveApp()
  const deadline = Date.now() + 150_000
  while ((await statusOf(app)) !== 'crash-loop') {
    if (Date.now() > deadline) throw new Error(`no crash loop: ${JSON.stringify(await app.read())}`)
    await app.get('die', 2_000)
    await sleep(500)
  }
  const crash = await crashOf(app)
  expect(crash).toMatchObject({ kind: 'exit', loopSince: expect.any(String) })
  expect(crash?.deaths).toBeGreaterThan(5)
  expect(Date.parse(crash?.nextTryAt ?? '') - Date.now()).toBeGreaterThan(200_000)
  const [container] = await app.containers()
  const { HostConfig } = await docker.getContainer(container?.Id ?? '').inspect()
  expect(HostConfig.RestartPolicy?.Name).toBe('no')
  expect(await app.deploy('2')).toMatchObject({ status: 'live' })
  await serves(app, '2')
  expect(await statusOf(app)).toBe('running')
})

it('F16: an app that hangs is restarted, and answers again', async () => {
  await using app = await liveApp()
  const [container] = await app.containers()
  const stop = ['sh', '-c', 'for p in /proc/[0-9]*; do [ "$(cat $p/comm)" = R ] && kill -STOP $(basename $p); done; :']
  const exec = await docker.getContainer(container?.Id ?? '').exec({ Cmd: stop })
  await exec.start({ Detach: true })
  await expect.poll(() => crashOf(app), { timeout: 90_000, interval: 500 }).toMatchObject({ kind: 'unhealthy' })
  await serves(app)
  await expect.poll(() => statusOf(app), { timeout: 30_000 }).toBe('running')
})

it('F17: code that needs a minute to load is waited for, and the old code serves meanwhile', async () => {
  await using app = await liveApp({ startTimeoutSeconds: 120 })
  const visits = visit(app.url)
  const began = Date.now()
  expect(await app.deploy('2', 'Sys.sleep(60)')).toMatchObject({ status: 'live' })
  expect(Date.now() - began).toBeGreaterThan(60_000)
  expect(await visits.stop()).toMatchObject({ failures: {}, answers: ['1', '2'] })
})

it('F17: code that needs longer than its app allows is given up', async () => {
  await using app = await liveApp({ startTimeoutSeconds: 10 })
  const failed = await app.deploy('2', 'Sys.sleep(60)')
  expect(failed).toMatchObject({ status: 'failed', failure: { code: 'never-healthy' } })
  expect(await app.get()).toEqual({ status: 200, text: '1' })
})

it('F19: a fork bomb meets its limit; the manager answers, and the app comes back', async () => {
  await using app = await liveApp({ resources: { memoryBytes: 512 * 2 ** 20, pids: 64 } })
  const { call } = await admin()
  const bombs = Promise.all([app.get('fork', 15_000), app.get('fork', 15_000)])
  const times: number[] = []
  for (const until = Date.now() + 10_000; Date.now() < until; await sleep(100)) {
    const began = Date.now()
    await call('GET /api/apps', { querystring: {} })
    times.push(Date.now() - began)
  }
  await bombs
  const [container] = await app.containers()
  const { Processes } = await docker.getContainer(container?.Id ?? '').top()
  // The kernel refuses forks beyond the limit; a health check joins from outside, with what it has begun.
  expect(Processes.length).toBeLessThanOrEqual(64 + 3)
  expect(times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]).toBeLessThan(1_000)
  const { settle } = await admin()
  expect(await settle(app.id, 'restart')).toMatchObject({ status: 'live' })
  await serves(app)
})
