import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFailed } from 'vitest'
import { allLive, goLive, until, untilRemoved, untilServing, untilSettled } from '../../src/spawner/contract-steps.ts'
import type { Applied, PhaseTimes, WorkloadSpec } from '../../src/spawner/spawner.ts'
import { get, openSocket, startLoad } from './spawner/clients.ts'
import { appsUrl, buildTestImage, describeState, docker, startTraefik, sweep, testImages } from './spawner/rig.ts'
import { dockerSpawner, newSpec, next, realSpec } from './spawner/specs.ts'

const signal = AbortSignal.timeout(900_000)
let image = ''

beforeAll(async () => {
  await sweep()
  image = await buildTestImage(testImages.plain)
  await startTraefik()
})
afterAll(sweep)

const appSpec = (change: Partial<WorkloadSpec> = {}) => newSpec(image, change)

describe('docker spawner, of a live app', () => {
  const spawner = dockerSpawner()

  afterEach(async () => {
    const seen = await spawner.list(signal)
    await Promise.all(seen.map((app) => untilRemoved(spawner, app)))
  })

  function check(claim: string, run: () => Promise<void>) {
    it(claim, async () => {
      onTestFailed(async () => console.error(await describeState()))
      await run()
    })
  }

  const container = ({ appId }: WorkloadSpec, index = 1) => docker.getContainer(`rsp-${appId.slice(0, 8)}-g1-${index}`)
  const idOf = async (spec: WorkloadSpec, index = 1) => (await container(spec, index).inspect()).Id
  const serves = async ({ slug }: WorkloadSpec) => (await get(`/${slug}/`)).status === 200

  async function untilRepaired(spec: WorkloadSpec) {
    await untilSettled(spawner, spec)
    await untilServing(spawner, spec)
    await until(() => serves(spec), Boolean)
  }

  check('scales up and down without a failed request', async () => {
    const one = appSpec()
    await goLive(spawner, one)
    const load = startLoad(`${appsUrl}/${one.slug}/`)
    const three = { ...one, replicas: 3 }
    await untilSettled(spawner, three)
    const seen = await until(
      () => spawner.observe(one.appId, signal),
      ({ replicas }) => replicas.length === 3 && replicas.every(({ isRouted }) => isRouted),
    )
    expect(seen).toMatchObject({ phase: 'available', generation: 1 })
    await sleep(500)
    const times: PhaseTimes = { ...allLive(), scaledInAt: new Date().toISOString() }
    await until(
      () => spawner.applyWorkload(one, times, signal),
      ({ settled }) => settled,
    )
    expect((await spawner.observe(one.appId, signal)).replicas.map(({ index }) => index)).toEqual([1])
    const { names, failures } = await load.stop()
    console.info(`${names.length} requests while scaling 1, 3, 1: ${failures.length} failed`)
    expect(failures).toEqual([])
    expect(names.length).toBeGreaterThan(100)
  })

  check('makes again what was removed by hand', async () => {
    const spec = appSpec()
    await goLive(spawner, spec)
    const before = await idOf(spec)
    await container(spec).remove({ force: true })
    await untilRepaired(spec)
    expect(await idOf(spec)).not.toBe(before)
  })

  check('wakes what was paused', async () => {
    const spec = appSpec()
    await goLive(spawner, spec)
    await container(spec).pause()
    expect(await spawner.observe(spec.appId, signal)).toMatchObject({ replicas: [{ health: 'unhealthy' }] })
    await untilRepaired(spec)
  })

  check('knows a replica by its labels, whatever its name', async () => {
    const spec = appSpec()
    await goLive(spawner, spec)
    await container(spec).rename({ name: 'rsp-c-renamed' })
    expect(await spawner.applyWorkload(spec, allLive(), signal)).toMatchObject({ changed: false, settled: true })
    expect(await serves(spec)).toBe(true)
  })

  check('replaces a replica that was taken out of its network', async () => {
    const spec = appSpec()
    await goLive(spawner, spec)
    await docker.getNetwork(spec.network.name).disconnect({ Container: await idOf(spec), Force: true })
    await untilRepaired(spec)
  })

  check('makes a deleted network again, and the replica in it', async () => {
    const spec = appSpec()
    await goLive(spawner, spec)
    const network = docker.getNetwork(spec.network.name)
    const members: Record<string, unknown> = Object((await network.inspect()).Containers)
    for (const Container of Object.keys(members)) await network.disconnect({ Container, Force: true })
    await network.remove()
    await untilRepaired(spec)
  })

  check('restarts a replica that stopped answering, once', async () => {
    const spec = appSpec()
    await goLive(spawner, spec)
    const before = await container(spec).inspect()
    const command = await container(spec).exec({ Cmd: ['rm', '/tmp/ready'] })
    await command.start({ Detach: true })
    await until(
      () => spawner.observe(spec.appId, signal),
      ({ replicas }) => replicas[0]?.health === 'unhealthy',
    )
    const { restarted } = await spawner.applyWorkload(spec, allLive(), signal)
    expect(restarted).toEqual([before.Id])
    await untilRepaired(spec)
    const after = await container(spec).inspect()
    expect(after).toMatchObject({ Id: before.Id, HostConfig: { RestartPolicy: { Name: 'unless-stopped' } } })
    expect(after.State.StartedAt > before.State.StartedAt).toBe(true)
  })

  check('keeps a crash loop quiet until its next try', async () => {
    const spec = appSpec({ env: { APP_EXIT_AFTER_MS: '1500' } })
    await goLive(spawner, spec)
    await until(
      () => spawner.observe(spec.appId, signal),
      ({ replicas }) => (replicas[0]?.restarts ?? 0) >= 2,
    )
    const held = { ...allLive(), holdUntil: new Date(Date.now() + 600_000).toISOString() }
    await spawner.applyWorkload(spec, held, signal)
    // A start that the engine has planned already still happens; it is the last.
    await until(
      () => container(spec).inspect(),
      ({ State }) => State.Status === 'exited',
    )
    expect(await container(spec).inspect()).toMatchObject({ HostConfig: { RestartPolicy: { Name: 'no' } } })
    await sleep(3_000)
    expect(await spawner.applyWorkload(spec, held, signal)).toMatchObject({ changed: false })
    expect(await container(spec).inspect()).toMatchObject({ State: { Status: 'exited' } })
    const over = { ...held, holdUntil: new Date(Date.now() - 1_000).toISOString() }
    expect(await spawner.applyWorkload(spec, over, signal)).toMatchObject({ changed: true })
    expect(await container(spec).inspect()).toMatchObject({
      State: { Status: 'running' },
      HostConfig: { RestartPolicy: { Name: 'no' } },
    })
  })
})

describe('docker spawner, with real R', () => {
  const spawner = dockerSpawner()
  const sessionsOf = ({ draining }: Applied) => draining.map(({ sessions }) => sessions)

  afterEach(async () => {
    const seen = await spawner.list(signal)
    await Promise.all(seen.map((app) => untilRemoved(spawner, app)))
  })

  it('drains an older generation by its sessions', async () => {
    onTestFailed(async () => console.error(await describeState()))
    const older = await realSpec()
    await goLive(spawner, older)
    const sockets = await Promise.all([1, 2, 3].map(() => openSocket(`/${older.slug}/`)))
    await Promise.all(sockets.map(({ first }) => first))
    const newer = next(older, { env: { ...older.env, APP_NAME: 'second' }, drain: { limitMs: 600_000 } })
    await spawner.applyWorkload(newer, { startedAt: new Date().toISOString() }, signal)
    await untilServing(spawner, newer)
    const times = allLive()
    const look = () => spawner.applyWorkload(newer, times, signal)
    expect(sessionsOf(await look())).toEqual([3])
    sockets.shift()?.close()
    await until(look, (applied) => sessionsOf(applied)[0] === 2)
    await sleep(1_000)
    expect(sessionsOf(await look())).toEqual([2])
    for (const socket of sockets) socket.close()
    const done = await until(look, ({ settled }) => settled)
    expect(sessionsOf(done)).toEqual([])
    expect((await spawner.observe(older.appId, signal)).replicas.map(({ generation }) => generation)).toEqual([2])
  })

  it('lists sessions and ends one of them, not another', async () => {
    onTestFailed(async () => console.error(await describeState()))
    const spec = await realSpec()
    await goLive(spawner, spec)
    const sockets = await Promise.all([1, 2, 3].map(() => openSocket(`/${spec.slug}/`)))
    await Promise.all(sockets.map(({ first }) => first))
    const sessions = await spawner.sessions(spec.appId, signal)
    expect(sessions).toHaveLength(3)
    expect(sessions[0]).toMatchObject({ index: 1, generation: 1, cpuSeconds: expect.any(Number) })
    expect(sessions.every(({ memoryBytes }) => memoryBytes > 2 ** 20)).toBe(true)
    const [, second] = sessions
    expect(await spawner.endSession(spec.appId, second?.id ?? '', signal)).toBe(true)
    const left = await until(
      () => spawner.sessions(spec.appId, signal),
      (found) => found.length === 2,
    )
    expect(left.map(({ id }) => id)).toEqual(sessions.filter((one) => one !== second).map(({ id }) => id))
    expect(await Promise.race(sockets.map(({ closed }) => closed))).toBe(1006)
    expect(await spawner.endSession(spec.appId, second?.id ?? '', signal)).toBe(false)
    for (const socket of sockets) socket.close()
  })

  it('scales in by routing around a replica first, and waits for its sessions', async () => {
    onTestFailed(async () => console.error(await describeState()))
    const two = await realSpec({ replicas: 2, drain: { limitMs: 600_000 } })
    await goLive(spawner, two)
    await until(
      () => spawner.observe(two.appId, signal),
      ({ replicas }) => replicas.length === 2 && replicas.every(({ isRouted }) => isRouted),
    )
    // Connections are handed out in turn: each replica has two.
    const sockets = await Promise.all([1, 2, 3, 4].map(() => openSocket(`/${two.slug}/`)))
    await Promise.all(sockets.map(({ first }) => first))
    const times: PhaseTimes = { ...allLive(), scaledInAt: new Date().toISOString() }
    const one = { ...two, replicas: 1 }
    const look = () => spawner.applyWorkload(one, times, signal)
    const leaving = () => spawner.observe(one.appId, signal)
    await look()
    await until(leaving, ({ replicas }) => replicas.some(({ index, isDraining }) => index === 2 && isDraining))
    await until(leaving, ({ replicas }) => replicas.every(({ index, isRouted }) => isRouted === (index === 1)))
    expect(sessionsOf(await look())).toEqual([2])
    for (const socket of sockets) socket.close()
    await until(look, ({ settled }) => settled)
    expect((await leaving()).replicas.map(({ index }) => index)).toEqual([1])
  })
})
