import { setTimeout as sleep } from 'node:timers/promises'
import Docker from 'dockerode'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFailed } from 'vitest'
import { routeSpec } from '../../src/routing/route-spec.ts'
import {
  allLive,
  goLive,
  startedAt,
  until,
  untilRemoved,
  untilServing,
  untilSettled,
} from '../../src/spawner/contract-steps.ts'
import { type ContractBackend, spawnerContract } from '../../src/spawner/contract-suite.ts'
import type { WorkloadSpec } from '../../src/spawner/spawner.ts'
import { get, openSocket, startLoad, upgrade } from './spawner/clients.ts'
import { hardened } from './spawner/hardened.ts'
import {
  appsUrl,
  buildTestImage,
  describeState,
  docker,
  edgeAddress,
  instance,
  otherInstance,
  startTraefik,
  sweep,
  testImages,
  traefik,
} from './spawner/rig.ts'
import { dockerSpawner, log, newSpec, next, realSpec } from './spawner/specs.ts'

const signal = AbortSignal.timeout(900_000)
let image = ''
let labelledImage = ''

beforeAll(async () => {
  await sweep()
  image = await buildTestImage(testImages.plain)
  labelledImage = await buildTestImage(testImages.labelled, 'LABEL traefik.enable=true')
  await startTraefik()
})
afterAll(sweep)

const appSpec = (change: Partial<WorkloadSpec> = {}) => newSpec(image, change)

spawnerContract(
  'docker',
  async (): Promise<ContractBackend> => ({
    spawner: dockerSpawner(),
    greeting: 'the test app is up',
    reopen: () => dockerSpawner(),
    neighbour: () => dockerSpawner({ instance: otherInstance }),
    unreachable: () => dockerSpawner({ docker: new Docker({ socketPath: '/run/no-such-engine.sock' }) }),
    spec: appSpec,
    crashing: (spec, exit) => ({ ...spec, env: { APP_EXIT: JSON.stringify(exit) } }),
    async addStranger(appId) {
      const stranger = await docker.createContainer({
        name: `rsp-${appId.slice(0, 8)}-g9-1`,
        Image: image,
        Labels: {
          'rserve-proxy.test': 'spawner',
          'rserve-proxy.io/app-id': appId,
          'rserve-proxy.io/instance': instance,
        },
      })
      return {
        exists: () =>
          stranger.inspect().then(
            () => true,
            () => false,
          ),
      }
    },
    describeState,
    dispose: async () => undefined,
  }),
)

describe('docker spawner', () => {
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

  check('runs apps in the hardened template, also after a restart', async () => {
    const spec = appSpec()
    await goLive(spawner, spec)
    const container = docker.getContainer(`rsp-${spec.appId.slice(0, 8)}-g1-1`)
    const before = await container.inspect()
    await container.restart({ t: 1 })
    const after = await container.inspect()
    expect(await spawner.audit(signal)).toEqual([])
    for (const { Config, HostConfig, Mounts, NetworkSettings } of [before, after]) {
      expect(Config).toMatchObject({ User: '10001:10001', StopSignal: 'SIGTERM', StopTimeout: 15, Image: image })
      expect(Config.Env).toEqual(expect.arrayContaining(['APP_NAME=first', 'RSP_DRAIN=10', 'RSP_PORT=6311']))
      expect(HostConfig).toMatchObject(hardened(spec))
      expect(Mounts).toEqual([])
      expect(Object.keys(NetworkSettings.Networks)).toEqual([spec.network.name])
    }
  })

  check('switches under load without a failed request, and an open WebSocket stays with its replica', async () => {
    const older = appSpec({ drain: { limitMs: 10_000 } })
    await goLive(spawner, older)
    const socket = await openSocket(`/${older.slug}/`)
    const load = startLoad(`${appsUrl}/${older.slug}/`)
    const newer = next(older)
    await spawner.applyWorkload(newer, startedAt(), signal)
    await untilServing(spawner, newer)
    await until(
      async () => load.names.at(-1),
      (name) => name === 'second',
    )
    const settled = untilSettled(spawner, newer)
    await using reopened = dockerSpawner()
    await reopened.applyWorkload(newer, allLive(), signal)
    for (let call = 0; call < 20; call += 1) {
      expect(await socket.ask(`call ${call}`)).toBe(`first:call ${call}`)
      await sleep(50)
    }
    expect((await spawner.observe(older.appId, signal)).replicas.map(({ generation }) => generation)).toEqual([1, 2])
    socket.close()
    await settled
    const { names, failures } = await load.stop()
    console.info(`${names.length} requests during the switch, ${failures.length} failed`)
    expect(failures).toEqual([])
    expect(new Set(names)).toEqual(new Set(['first', 'second']))
    expect(names.length).toBeGreaterThan(100)
  })

  check('ends a drain at its limit', async () => {
    const older = appSpec({ drain: { limitMs: 1_000 } })
    await goLive(spawner, older)
    const socket = await openSocket(`/${older.slug}/`)
    await goLive(spawner, next(older))
    expect(await socket.closed).toBe(1006)
  })

  check('lets nothing through that is not meant for an app', async () => {
    const spec = appSpec()
    await goLive(spawner, spec)
    const answer = await get(`/${spec.slug}/page?x=1`, {
      Cookie: 'sid=secret',
      Authorization: 'Bearer secret',
      'Sec-WebSocket-Protocol': 'text',
      'X-Forwarded-User': 'admin',
      'X-Rsp-App': 'another',
    })
    const { url, headers } = JSON.parse(answer.body)
    expect(url).toBe('/page?x=1')
    expect(headers).toMatchObject({ 'x-rsp-app': spec.appId, 'x-forwarded-prefix': `/${spec.slug}` })
    expect(Object.keys(headers)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(cookie|authorization|sec-websocket-protocol|x-forwarded-user)$/),
      ]),
    )
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(answer.headers['content-security-policy']).toMatch(/^sandbox /)
    expect(await upgrade(`/${spec.slug}/`, { 'Sec-WebSocket-Protocol': 'text' })).toBe('none')
    expect((await get(`/${spec.slug}foo`)).status).toBe(404)
  })

  check('counts open requests per app', async () => {
    const route = { hosts: [edgeAddress], entryPoint: 'web', sandbox: true, reuseConnections: false }
    const spec = appSpec({ route: routeSpec({ ...route, limits: { openRequests: 2 } }) })
    await goLive(spawner, spec)
    const sockets = [await openSocket(`/${spec.slug}/`), await openSocket(`/${spec.slug}`)]
    expect((await get(`/${spec.slug}/`, { 'X-Rsp-App': 'another' })).status).toBe(429)
    for (const socket of sockets) socket.close()
  })

  check('answers with and without the slash', async () => {
    const spec = appSpec()
    await goLive(spawner, spec)
    const redirect = await get(`/${spec.slug}?x=1`)
    expect(redirect).toMatchObject({ status: 301, headers: { location: `/${spec.slug}/?x=1` } })
    expect((await get(`/${spec.slug}/`)).status).toBe(200)
    for (const path of [`/${spec.slug}`, `/${spec.slug}/`]) {
      const socket = await openSocket(path)
      expect(await socket.ask('hi')).toBe('first:hi')
      socket.close()
    }
  })

  check('hands a chunked body over whole', async () => {
    const spec = appSpec()
    await goLive(spawner, spec)
    const body = new Blob(['x'.repeat(100_000), 'y'.repeat(100_000)]).stream()
    const response = await fetch(`${appsUrl}/${spec.slug}/`, { method: 'POST', body, duplex: 'half' })
    const seen: { bodyBytes: number; headers: Record<string, string> } = JSON.parse(await response.text())
    expect(seen.bodyBytes).toBe(200_000)
    expect(seen.headers['content-length']).toBe('200000')
  })

  check('lets an app share connections when it asked', async () => {
    const route = { hosts: [edgeAddress], entryPoint: 'web', limits: { openRequests: 200 }, sandbox: true }
    const spec = appSpec({ route: routeSpec({ ...route, reuseConnections: true }) })
    await goLive(spawner, spec)
    expect((await get(`/${spec.slug}/`)).status).toBe(200)
  })

  check('refuses an image that would route itself', async () => {
    const spec = appSpec({ image: labelledImage })
    await expect(spawner.applyWorkload(spec, startedAt(), signal)).rejects.toMatchObject({
      code: 'not-permitted',
    })
  })

  check('joins a proxy again that has lost its networks', async () => {
    const spec = appSpec()
    await goLive(spawner, spec)
    await docker.getNetwork(spec.network.name).disconnect({ Container: 'rsp-c-traefik', Force: true })
    expect(await spawner.observe(spec.appId, signal)).toMatchObject({ generation: 0 })
    await untilSettled(spawner, spec)
    expect(await spawner.observe(spec.appId, signal)).toMatchObject({ generation: 1 })
    expect((await get(`/${spec.slug}/`)).status).toBe(200)
  })

  check('starts a crashed live replica again and counts it', async () => {
    const spec = appSpec()
    await goLive(spawner, spec)
    await get(`/${spec.slug}/crash`)
    const seen = await until(
      () => spawner.observe(spec.appId, signal),
      // Traefik hears of the health a moment after the engine knows it.
      ({ replicas, generation }) => generation === 1 && replicas[0]?.restarts === 1,
    )
    expect(seen).toMatchObject({ phase: 'available', generation: 1 })
  })

  check('says when a replica ran out of memory', async () => {
    const resources = { memoryBytes: 64 * 1024 * 1024, cpuMillis: 1000, pids: 256 }
    const spec = appSpec({ env: { APP_HOG: '1' }, resources })
    await spawner.applyWorkload(spec, startedAt(), signal)
    const seen = await until(
      () => spawner.observe(spec.appId, signal),
      ({ replicas }) => replicas[0]?.health === 'exited',
    )
    expect(seen).toMatchObject({ phase: 'failed', replicas: [{ exit: { code: 137, outOfMemory: true } }] })
  })

  check('knows its apps while the API of the proxy is silent', async () => {
    const spec = appSpec()
    await goLive(spawner, spec)
    await using deaf = dockerSpawner({
      traefik: { ...traefik, password: 'wrong' },
      log: { ...log, warn: () => undefined },
    })
    expect(await deaf.list(signal)).toEqual([
      expect.objectContaining({ appId: spec.appId, generation: 1, phase: 'available' }),
    ])
    const newer = next(spec)
    await deaf.applyWorkload(newer, startedAt(), signal)
    await untilServing(spawner, newer)
    expect(await deaf.observe(spec.appId, signal)).toMatchObject({ generation: 1 })
    expect(await deaf.preflight(signal)).toMatchObject({ ok: false })
  })

  check('reports what it stands on', async () => {
    expect(await spawner.preflight(signal)).toMatchObject({ ok: true, engineVersion: expect.stringMatching(/^\d/) })
    await using other = dockerSpawner({ instance: otherInstance })
    expect(await other.preflight(signal)).toMatchObject({
      ok: false,
      findings: expect.arrayContaining([expect.objectContaining({ subject: 'proxy', ok: false })]),
    })
  })

  check('runs the real base image', async () => {
    const spec = await realSpec()
    await goLive(spawner, spec)
    expect((await get(`/${spec.slug}/`)).status).toBe(200)
    expect(await spawner.audit(signal)).toEqual([])
    const socket = await openSocket(`/${spec.slug}/`)
    expect(await socket.first).toContain('RsOC')
    socket.close()
  })
})
