import { afterAll, afterEach, expect, it } from 'vitest'
import { rolloutPhases } from '../../src/loops/crash-point.ts'
import { managerContainer, outputOf } from '../e2e/engine-facts.ts'
import { admin, newApp } from './fault-app.ts'
import { untilSound } from './soundness.ts'
import { startManager, untilManagerAnswers } from './stack-control.ts'
import { visit } from './visitors.ts'

// F2: the manager is killed at every step of a deployment, under load.

afterEach(() => untilSound())
afterAll(() => startManager())

it.each(rolloutPhases)('converges after a power cut at %s, and no visitor notices', async (phase) => {
  await using app = await newApp({ replicas: 2, drainSeconds: 2 })
  expect(await app.deploy('1')).toMatchObject({ status: 'live' })
  await app.upload('2')
  await outputOf('manager', ['rm', '-f', `/data/crashed-at-${phase}`])
  await startManager({ CRASH_AT: phase })
  const before = (await managerContainer.inspect()).RestartCount
  const visits = visit(app.url)
  const { call } = await admin()
  const query = { params: { appId: app.id }, querystring: {} }
  await call('POST /api/apps/:appId/deploy', query)
  await expect.poll(async () => (await managerContainer.inspect()).RestartCount, { timeout: 30_000 }).toBe(before + 1)
  await untilManagerAnswers()
  await expect.poll(async () => (await app.read()).deployment?.status, { timeout: 60_000, interval: 200 }).toBe('live')
  await expect
    .poll(
      async () =>
        (await app.containers()).map(({ Labels, State }) => `${Labels['rserve-proxy.io/generation']} ${State}`),
      { timeout: 30_000 },
    )
    .toEqual(['2 running', '2 running'])
  expect(await visits.stop()).toMatchObject({ failures: {}, answers: ['1', '2'] })
})
