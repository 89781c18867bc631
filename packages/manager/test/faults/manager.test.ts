import { setTimeout as sleep } from 'node:timers/promises'
import { isPending } from '@rserve-proxy/contract/deployments.ts'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { docker, managerContainer, outputOf } from '../e2e/engine-facts.ts'
import { stack } from '../e2e/stack.ts'
import { admin, type FaultApp, newApp } from './fault-app.ts'
import { untilSound } from './soundness.ts'
import { untilManagerAnswers } from './stack-control.ts'
import { visit } from './visitors.ts'

let app: FaultApp
const params = () => ({ appId: app.id })

beforeAll(async () => {
  app = await newApp()
  expect(await app.deploy('1')).toMatchObject({ status: 'live' })
  return () => app[Symbol.asyncDispose]()
})
afterEach(() => untilSound())

const deployment = async () => (await app.read()).deployment
const settled = async () => {
  const seen = await deployment().catch(() => undefined)
  return seen && !isPending(seen.status) ? seen.status : 'pending'
}

async function leftOfBuilds() {
  const label = [`rserve-proxy.io/instance=${stack.labels['rserve-proxy.io/instance']}`, 'rserve-proxy.io/managed=true']
  const builders = await docker.listContainers({
    all: true,
    filters: { label: [...label, 'rserve-proxy.io/role=builder'] },
  })
  const dangling = await docker.listImages({ filters: { label, dangling: ['true'] } })
  const sources = await outputOf('manager', [
    'sh',
    '-c',
    'ls /data/sources/* /data/staging 2>/dev/null | grep -v : | grep .',
  ])
  return { builders: builders.length, dangling: dangling.length, sources }
}

it('F1: goes on with a build in which it was killed, and leaves nothing of the first try', async () => {
  await app.change({ packages: ['jsonlite'] })
  const visits = visit(app.url)
  await (await admin()).call('POST /api/apps/:appId/rebuild', { params: params(), querystring: {} })
  await expect
    .poll(async () => (await deployment())?.build?.phase, { timeout: 60_000, interval: 50 })
    .toBe('installing')
  await managerContainer.kill()
  await sleep(500)
  await managerContainer.start()
  await untilManagerAnswers()
  await expect.poll(settled, { timeout: 120_000, interval: 200 }).toBe('live')
  expect((await app.read()).release?.packageCount).toBeGreaterThan(0)
  await expect.poll(leftOfBuilds, { timeout: 30_000 }).toEqual({ builders: 0, dangling: 0, sources: '' })
  expect(await visits.stop()).toMatchObject({ failures: {} })
})

it('F3: stops within its time when asked to, and visitors do not notice', async () => {
  const visits = visit(app.url)
  const began = Date.now()
  await managerContainer.stop({ t: 15 })
  const tookMs = Date.now() - began
  const { State } = await managerContainer.inspect()
  await managerContainer.start()
  await untilManagerAnswers()
  expect({ exitCode: State.ExitCode, isInTime: tookMs < 15_000 }).toEqual({ exitCode: 0, isInTime: true })
  expect(await visits.stop()).toMatchObject({ failures: {} })
})

describe('F20: fifty people who press buttons at once', () => {
  it('agree on one outcome, and nothing runs twice', async () => {
    const { call } = await admin()
    const press = (number: number) => {
      const query = { params: params(), querystring: {} }
      if (number % 3 === 0) return call('POST /api/apps/:appId/start', query)
      return number % 3 === 1
        ? call('POST /api/apps/:appId/restart', query)
        : call('POST /api/apps/:appId/rebuild', query)
    }
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, (_, number) => press(number)))
    const refusals = outcomes.flatMap((one) =>
      one.status === 'rejected' ? [String(Object(one.reason).problem?.code)] : [],
    )
    expect(refusals.filter((code) => code !== 'app-busy')).toEqual([])
    await expect.poll(settled, { timeout: 120_000, interval: 200 }).toBe('live')
    await expect
      .poll(async () => (await app.containers()).map(({ State }) => State), { timeout: 30_000 })
      .toEqual(['running'])
    const { items } = await call('GET /api/apps/:appId/deployments', { params: params(), querystring: { limit: 100 } })
    expect(items.filter(({ status }) => isPending(status))).toEqual([])
    expect(items.filter(({ status }) => status === 'live')).toHaveLength(1)
  })
})
