import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { goLive } from '../contract-steps.ts'
import { type ContractBackend, spawnerContract } from '../contract-suite.ts'
import type { PhaseTimes, WorkloadSpec } from '../spawner.ts'
import { createFakeEngine, fakeGreeting } from './fake-engine.ts'
import { fakeImageId } from './fake-images.ts'
import { createFakeSpawner } from './fake-spawner.ts'

const instance = 'one'
const signal = AbortSignal.timeout(60_000)
const starting: PhaseTimes = { startedAt: '2025-01-01T00:00:00.000Z' }
const live: PhaseTimes = { ...starting, routedAt: starting.startedAt, liveAt: starting.startedAt }

let subnets = 0
function appSpec(change: Partial<WorkloadSpec> = {}): WorkloadSpec {
  const appId = randomUUID()
  subnets += 1
  return {
    appId,
    slug: 'hello',
    release: 1,
    generation: 1,
    specHash: 'aaaaaaaaaaaaaaaa',
    image: fakeImageId('hello'),
    env: {},
    replicas: 1,
    resources: { memoryBytes: 1024 ** 3, cpuMillis: 1000, pids: 256 },
    port: 6311,
    probe: {
      command: ['true'],
      intervalMs: 5_000,
      startIntervalMs: 100,
      timeoutMs: 1_000,
      retries: 3,
      startBudgetMs: 60_000,
    },
    rollout: { deadlineMs: 60_000, bakeMs: 0 },
    drain: { limitMs: 20_000 },
    network: { name: `rsp-net-${appId}`, subnet: `10.0.${subnets}.0/27`, egress: 'internet' },
    route: {
      routeHash: 'bbbbbbbbbbbbbbbb',
      hosts: ['localhost'],
      entryPoint: 'web',
      limits: { openRequests: 200 },
      sandbox: true,
      reuseConnections: false,
    },
    ...change,
  }
}

spawnerContract('fake', async (): Promise<ContractBackend> => {
  const engine = createFakeEngine({ startMs: 10, drainMs: 10 })
  const off = createFakeEngine()
  off.setUnavailable(true)
  const strangers = createFakeSpawner({ engine, instance: 'nobody' })
  return {
    spawner: createFakeSpawner({ engine, instance }),
    greeting: fakeGreeting,
    reopen: () => createFakeSpawner({ engine, instance }),
    neighbour: () => createFakeSpawner({ engine, instance: 'two' }),
    unreachable: () => createFakeSpawner({ engine: off, instance }),
    spec: appSpec,
    crashing: (spec, exit) => {
      engine.setFault(spec.appId, { kind: 'exit-at-start', ...exit })
      return spec
    },
    addStranger: async (appId) => {
      const stranger = appSpec()
      await strangers.applyWorkload(
        { ...stranger, appId, network: { ...stranger.network, name: `rsp-net-${appId}` } },
        starting,
        signal,
      )
      return { exists: async () => (await strangers.observe(appId, signal)).phase !== 'absent' }
    },
    describeState: async () => JSON.stringify(engine.containersOf(instance), null, 2),
    dispose: async () => undefined,
  }
})

/** One app on an engine whose clock only this test moves. */
function world() {
  let time = Date.parse('2025-01-01T00:00:00.000Z')
  const engine = createFakeEngine({ now: () => time, startMs: 1_000, drainMs: 5_000 })
  const spawner = createFakeSpawner({ engine, instance })
  const spec = appSpec()
  const look = () => spawner.observe(spec.appId, signal)
  const pass = (ms: number) => {
    time += ms
  }
  return { engine, spawner, spec, look, pass }
}

it('turns healthy when its time has come', async () => {
  const { spawner, spec, look, pass } = world()
  await spawner.applyWorkload(spec, starting, signal)
  pass(999)
  expect(await look()).toMatchObject({ phase: 'progressing', generation: 0 })
  pass(1)
  expect(await look()).toMatchObject({ phase: 'available', generation: 1 })
})

it('drains an old generation before it removes it', async () => {
  const { spawner, spec, look, pass } = world()
  await spawner.applyWorkload(spec, starting, signal)
  pass(1_000)
  await spawner.applyWorkload(spec, live, signal)
  const newer = { ...spec, generation: 2 }
  await spawner.applyWorkload(newer, starting, signal)
  pass(1_000)
  expect(await spawner.applyWorkload(newer, live, signal)).toMatchObject({ changed: true, settled: false })
  pass(4_999)
  expect(await spawner.applyWorkload(newer, live, signal)).toMatchObject({ changed: false, settled: false })
  expect((await look()).replicas).toHaveLength(2)
  pass(1)
  expect(await spawner.applyWorkload(newer, live, signal)).toMatchObject({ changed: true, settled: false })
  expect(await spawner.applyWorkload(newer, live, signal)).toMatchObject({ changed: false, settled: true })
})

it('never turns healthy on demand, or takes its time', async () => {
  const { engine, spawner, spec, look, pass } = world()
  engine.setFault(spec.appId, { kind: 'slow-start', startMs: 30_000 })
  await spawner.applyWorkload(spec, starting, signal)
  pass(29_999)
  expect(await look()).toMatchObject({ phase: 'progressing' })
  pass(1)
  expect(await look()).toMatchObject({ phase: 'available' })
  engine.setFault(spec.appId, { kind: 'never-healthy' })
  await spawner.applyWorkload({ ...spec, generation: 2 }, starting, signal)
  pass(3_600_000)
  expect(await look()).toMatchObject({ phase: 'progressing', generation: 1 })
})

it('starts a crashed live replica again, after a pause', async () => {
  const { engine, spawner, spec, look, pass } = world()
  await spawner.applyWorkload(spec, starting, signal)
  pass(1_000)
  await spawner.applyWorkload(spec, live, signal)
  engine.crash(spec.appId, { code: 137, lines: ['Killed'], outOfMemory: true })
  expect(await look()).toMatchObject({
    phase: 'failed',
    replicas: [{ health: 'exited', restarts: 1, exit: { code: 137, outOfMemory: true } }],
  })
  pass(100)
  expect(await look()).toMatchObject({ phase: 'progressing' })
  pass(1_000)
  expect(await look()).toMatchObject({ phase: 'available', replicas: [{ restarts: 1, health: 'healthy' }] })
})

it('is out of reach on demand, and says so to its watchers', async () => {
  const { engine, spawner, spec } = world()
  await spawner.applyWorkload(spec, starting, signal)
  const hints = spawner.watch(signal)[Symbol.asyncIterator]()
  expect((await hints.next()).value).toEqual({ type: 'resync' })
  const lost = hints.next()
  engine.setUnavailable(true)
  expect((await lost).value).toMatchObject({ type: 'lost', error: { code: 'unavailable' } })
  await expect(spawner.list(signal)).rejects.toMatchObject({ code: 'unavailable' })
  engine.setUnavailable(false)
  expect((await hints.next()).value).toEqual({ type: 'resync' })
  expect(await spawner.list(signal)).toHaveLength(1)
})

it('prints what the contract asks for', async () => {
  const engine = createFakeEngine()
  const spawner = createFakeSpawner({ engine, instance })
  const spec = appSpec()
  await goLive(spawner, spec)
  const lines = await Array.fromAsync(spawner.logs(spec.appId, { follow: false }, signal))
  expect(lines.map(({ text }) => text)).toEqual([fakeGreeting])
})
