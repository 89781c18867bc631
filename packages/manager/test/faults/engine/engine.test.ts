import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { docker, outputOf } from '../../e2e/engine-facts.ts'
import { stack } from '../../e2e/stack.ts'
import { admin, type FaultApp, newApp } from '../fault-app.ts'
import { untilSound } from '../soundness.ts'
import { visit } from '../visitors.ts'

// F4, F5: the engine dies, and hangs. Runs on an engine of its own: scripts/testing/engine-faults.

const script = join(import.meta.dirname, '../../../../../scripts/testing/second-engine')
const startEngine = (...options: string[]) => promisify(execFile)(script, ['start', ...options])
const pidOfEngine = async () => Number(await readFile('/run/docker.pid', 'utf8'))
const patience = { timeout: 90_000, interval: 200 }

let app: FaultApp

beforeAll(async () => {
  app = await newApp()
  expect(await app.deploy('1')).toMatchObject({ status: 'live' })
})
afterAll(() => app[Symbol.asyncDispose]())

const health = async () => {
  const response = await fetch(`${stack.url}/api/health`, { signal: AbortSignal.timeout(5_000) })
  return Object(await response.json())
}
const untilHealth = (expected: object) => expect.poll(() => health().catch(String), patience).toMatchObject(expected)

async function deployIsRefused() {
  const query = { params: { appId: app.id }, querystring: {} }
  const refusal = (await admin()).call('POST /api/apps/:appId/restart', query)
  await expect(refusal).rejects.toMatchObject({ status: 503, problem: { code: 'spawner-unavailable' } })
}

async function stopEngine(signal: NodeJS.Signals) {
  const pid = await pidOfEngine()
  process.kill(pid, signal)
  const isAlive = () => process.kill(pid, 0)
  await expect
    .poll(
      () =>
        Promise.resolve()
          .then(isAlive)
          .catch(() => false),
      patience,
    )
    .toBe(false)
}

/** New code goes live, and a death is told by an event: loops, builder and event stream work again. */
async function everythingWorks(version: string) {
  await untilHealth({ status: 'ok', engine: true, active: true })
  await expect.poll(() => app.get('', 2_000), patience).toMatchObject({ status: 200 })
  await untilSound()
  const rules = () => outputOf('firewall', ['bash', '-c', 'firewall check && echo stand || echo have fallen'])
  await expect.poll(rules, patience).toContain('stand')
  expect(await app.deploy(version)).toMatchObject({ status: 'live' })
  await app.get('die', 2_000)
  await expect
    .poll(async () => (await app.read()).crash, patience)
    .toMatchObject({ kind: 'exit', exitCode: expect.any(Number) })
  await expect.poll(() => app.get('', 2_000), patience).toEqual({ status: 200, text: version })
  await untilSound()
}

describe('F5: an engine that hangs', () => {
  it('delays no answer of the API, and no visitor', async () => {
    const visits = visit(app.url)
    const { call } = await admin()
    const pid = await pidOfEngine()
    process.kill(pid, 'SIGSTOP')
    const times: number[] = []
    let degradedAfterMs = Number.POSITIVE_INFINITY
    try {
      for (const began = Date.now(); Date.now() - began < 60_000; await sleep(200)) {
        for (const ask of [() => call('GET /api/apps', { querystring: {} }), () => call('GET /api/runtimes', {})]) {
          const asked = performance.now()
          await ask()
          times.push(performance.now() - asked)
        }
        if ((await health()).status === 'degraded') degradedAfterMs = Math.min(degradedAfterMs, Date.now() - began)
      }
      await deployIsRefused()
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    expect(degradedAfterMs).toBeLessThan(30_000)
    expect(times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]).toBeLessThan(500)
    expect(await visits.stop()).toMatchObject({ failures: {} })
    await everythingWorks('2')
  })
})

describe('F4: an engine that dies', () => {
  it('brings everything back when it starts again', async () => {
    await stopEngine('SIGKILL')
    await untilHealth({ status: 'degraded', engine: false, since: expect.any(String) })
    await deployIsRefused()
    await startEngine()
    await everythingWorks('3')
  })

  it('is not noticed by visitors where it keeps containers alive', async () => {
    await stopEngine('SIGTERM')
    await startEngine('--live-restore')
    await everythingWorks('4')
    const container = (await app.containers())[0]?.Id
    const visits = visit(app.url)
    await stopEngine('SIGKILL')
    await untilHealth({ status: 'degraded', engine: false })
    await deployIsRefused()
    await startEngine('--live-restore')
    await untilHealth({ status: 'ok', engine: true })
    await sleep(2_000)
    expect(await visits.stop()).toMatchObject({ failures: {}, answers: ['4'] })
    expect((await docker.getContainer(container ?? '').inspect()).State.Running).toBe(true)
    await everythingWorks('5')
  })
})
