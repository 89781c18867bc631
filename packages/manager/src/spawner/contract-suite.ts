import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFailed } from 'vitest'
import { allLive, goLive, startedAt, until, untilRemoved, untilServing, untilSettled } from './contract-steps.ts'
import { networkName } from './network-name.ts'
import type { LogLine, ObservedWorkload, Spawner, WatchHint, WorkloadSpec } from './spawner.ts'

export interface ContractBackend {
  spawner: Spawner
  /** Another process of the same installation on the same engine, as after our restart. */
  reopen(): Spawner
  /** Another installation on the same engine. */
  neighbour(): Spawner
  /** The same installation with its engine out of reach. */
  unreachable(): Spawner
  /** A line that every replica prints as it starts. */
  greeting: string
  /** A new app at every call; its replicas turn healthy. */
  spec(change?: Partial<WorkloadSpec>): WorkloadSpec
  /** The same app, but its replicas print these lines and exit as soon as they start. */
  crashing(spec: WorkloadSpec, exit: { code: number; lines: string[] }): WorkloadSpec
  /** Makes an object that looks like one of the app's but is not ours. */
  addStranger(appId: string): Promise<{ exists(): Promise<boolean> }>
  /** For the test report when one fails. */
  describeState(): Promise<string>
  dispose(): Promise<void>
}

const signal = AbortSignal.timeout(600_000)

/** What every spawner does, whatever stands behind it. */
export function spawnerContract(name: string, makeBackend: () => Promise<ContractBackend>) {
  describe(`spawner contract: ${name}`, () => {
    let backend: ContractBackend
    let spawner: Spawner

    beforeAll(async () => {
      backend = await makeBackend()
      spawner = backend.spawner
    })
    afterEach(async () => {
      const seen = await spawner.list(signal)
      await Promise.all(seen.map((app) => untilRemoved(spawner, app)))
    })
    afterAll(() => backend?.dispose())

    function contract(claim: string, run: () => Promise<void>) {
      it(claim, async () => {
        onTestFailed(async () => console.error(await backend.describeState()))
        await run()
      })
    }

    contract('brings an app to life in safe steps', async () => {
      const spec = backend.spec()
      expect(await spawner.observe(spec.appId, signal)).toMatchObject({ phase: 'absent', generation: 0, replicas: [] })
      expect(await spawner.applyWorkload(spec, startedAt(), signal)).toMatchObject({ changed: true, settled: false })
      await untilServing(spawner, spec)
      await untilSettled(spawner, spec)
      expect(await listed(spawner, spec)).toMatchObject({
        phase: 'available',
        generation: spec.generation,
        replicas: [
          { index: 1, generation: spec.generation, release: spec.release, specHash: spec.specHash, health: 'healthy' },
        ],
      })
    })

    contract('changes nothing when the same is applied again', async () => {
      const spec = backend.spec()
      const times = startedAt()
      await spawner.applyWorkload(spec, times, signal)
      expect(await spawner.applyWorkload(spec, times, signal)).toMatchObject({ changed: false, settled: false })
      await goLive(spawner, spec)
      expect(await spawner.applyWorkload(spec, allLive(), signal)).toMatchObject({ changed: false, settled: true })
    })

    contract('keeps the older generation until the newer one is declared live', async () => {
      const older = backend.spec()
      const newer = next(older)
      await goLive(spawner, older)
      await spawner.applyWorkload(newer, startedAt(), signal)
      await untilServing(spawner, newer)
      await spawner.applyWorkload(newer, startedAt(), signal)
      expect(generations(await spawner.observe(older.appId, signal))).toEqual([1, 2])
      await untilSettled(spawner, newer)
      expect(generations(await spawner.observe(older.appId, signal))).toEqual([2])
    })

    contract('refuses an older generation', async () => {
      const newer = next(backend.spec())
      await goLive(spawner, newer)
      const older = { ...newer, generation: 1 }
      await expect(spawner.applyWorkload(older, startedAt(), signal)).rejects.toMatchObject({
        code: 'stale-generation',
      })
    })

    contract('discards a generation and leaves the serving one', async () => {
      const older = backend.spec()
      await goLive(spawner, older)
      await spawner.applyWorkload(next(older), startedAt(), signal)
      await spawner.discard(older.appId, 2, signal)
      await spawner.discard(older.appId, 2, signal)
      await until(
        () => spawner.observe(older.appId, signal),
        (seen) => seen.generation === 1 && seen.replicas.length === 1,
      )
      await untilSettled(spawner, older)
    })

    contract('adopts what runs after our restart', async () => {
      const spec = backend.spec()
      await goLive(spawner, spec)
      await using reopened = backend.reopen()
      expect(await listed(reopened, spec)).toMatchObject({ phase: 'available', generation: spec.generation })
      expect(await reopened.applyWorkload(spec, allLive(), signal)).toMatchObject({ changed: false, settled: true })
      const newer = next(spec)
      await reopened.applyWorkload(newer, startedAt(), signal)
      await untilServing(reopened, newer)
      await untilSettled(reopened, newer)
    })

    contract('ignores another installation, and is ignored by it', async () => {
      const spec = backend.spec()
      await goLive(spawner, spec)
      await using neighbour = backend.neighbour()
      expect(await neighbour.list(signal)).toEqual([])
      expect(await neighbour.observe(spec.appId, signal)).toMatchObject({ phase: 'absent' })
      await neighbour.discard(spec.appId, spec.generation, signal)
      expect(await neighbour.remove(spec.appId, { graceMs: 0 }, signal)).toBe(true)
      expect(await spawner.observe(spec.appId, signal)).toMatchObject({ phase: 'available' })
    })

    contract('removes everything of an app and nothing else', async () => {
      const spec = backend.spec()
      const other = backend.spec()
      await goLive(spawner, spec)
      await goLive(spawner, other)
      const stranger = await backend.addStranger(spec.appId)
      await untilRemoved(spawner, spec)
      expect(await spawner.observe(spec.appId, signal)).toEqual({
        appId: spec.appId,
        phase: 'absent',
        generation: 0,
        replicas: [],
      })
      expect(await listed(spawner, spec)).toBeUndefined()
      expect(await stranger.exists()).toBe(true)
      expect(await spawner.observe(other.appId, signal)).toMatchObject({ phase: 'available' })
    })

    contract('removes and discards what is already gone', async () => {
      const { appId } = backend.spec()
      await spawner.discard(appId, 1, signal)
      expect(await spawner.remove(appId, { graceMs: 1_000 }, signal)).toBe(true)
    })

    contract('never takes an unreadable engine for an empty one', async () => {
      const { appId } = backend.spec()
      await using unreachable = backend.unreachable()
      await expect(unreachable.list(signal)).rejects.toMatchObject({ code: 'unavailable' })
      await expect(unreachable.observe(appId, signal)).rejects.toMatchObject({ code: 'unavailable' })
      await expect(unreachable.remove(appId, { graceMs: 0 }, signal)).rejects.toMatchObject({ code: 'unavailable' })
    })

    contract('tells how a replica ended, while the older generation serves on', async () => {
      const older = backend.spec()
      await goLive(spawner, older)
      const broken = backend.crashing(next(older), { code: 3, lines: ['Error: no such model', 'Execution halted'] })
      await spawner.applyWorkload(broken, startedAt(), signal)
      const seen = await until(
        () => spawner.observe(older.appId, signal),
        ({ replicas }) => replicas.some((replica) => replica.health === 'exited'),
      )
      expect(seen).toMatchObject({ phase: 'degraded', generation: 1 })
      const { exit } = seen.replicas.find((replica) => replica.generation === 2) ?? {}
      expect(exit).toMatchObject({ code: 3, outOfMemory: false })
      expect(exit?.lastLines).toEqual(expect.arrayContaining(['Error: no such model', 'Execution halted']))
      expect(await spawner.applyWorkload(broken, startedAt(), signal)).toMatchObject({ changed: false })
    })

    contract('reads logs once', async () => {
      const spec = backend.spec()
      await goLive(spawner, spec)
      const lines = await Array.fromAsync(spawner.logs(spec.appId, { follow: false }, signal))
      expect(lines.map(({ text }) => text)).toContain(backend.greeting)
      const last = lines.at(-1)
      expect(
        await Array.fromAsync(spawner.logs(spec.appId, { follow: false, since: last?.time ?? '' }, signal)),
      ).toEqual([])
      expect(await Array.fromAsync(spawner.logs(spec.appId, { follow: false, replicaId: 'nobody' }, signal))).toEqual(
        [],
      )
    })

    contract('follows logs until the signal, and until the replica is gone', async () => {
      const spec = backend.spec()
      await goLive(spawner, spec)
      const reading = new AbortController()
      const read: LogLine[] = []
      for await (const line of spawner.logs(spec.appId, { follow: true }, reading.signal)) {
        read.push(line)
        if (line.text === backend.greeting) reading.abort()
      }
      expect(read.map(({ text }) => text)).toContain(backend.greeting)
      const toTheEnd = Array.fromAsync(spawner.logs(spec.appId, { follow: true }, signal))
      await untilRemoved(spawner, spec)
      expect((await toTheEnd).map(({ text }) => text)).toContain(backend.greeting)
    })

    contract('hints at what happens, and asks for a full look first', async () => {
      const spec = backend.spec()
      const watching = new AbortController()
      const hints: WatchHint[] = []
      const ended = collect(spawner.watch(watching.signal), hints)
      await until(
        async () => hints,
        (seen) => seen[0]?.type === 'resync',
      )
      await goLive(spawner, spec)
      const causes = async () =>
        hints.flatMap((hint) => (hint.type === 'changed' && hint.appId === spec.appId ? [hint.cause] : []))
      await until(causes, (seen) => seen.includes('health_status: healthy'))
      await untilRemoved(spawner, spec)
      await until(causes, (seen) => seen.includes('die'))
      watching.abort()
      await ended
    })

    contract('refuses a name instead of an image id, and an image that does not exist', async () => {
      const named = backend.spec({ image: 'rserve-app-hello:latest' })
      await expect(spawner.applyWorkload(named, startedAt(), signal)).rejects.toMatchObject({ code: 'invalid-spec' })
      const missing = backend.spec({ image: `sha256:${'0'.repeat(64)}` })
      await expect(spawner.applyWorkload(missing, startedAt(), signal)).rejects.toMatchObject({ code: 'image-missing' })
      await untilRemoved(spawner, missing)
    })

    contract('says when a subnet is taken', async () => {
      const spec = backend.spec()
      await spawner.applyWorkload(spec, startedAt(), signal)
      const { appId, network } = backend.spec()
      const clash = { ...spec, appId, network: { ...network, subnet: spec.network.subnet } }
      await expect(spawner.applyWorkload(clash, startedAt(), signal)).rejects.toMatchObject({ code: 'subnet-taken' })
    })

    contract('changes the egress of an app as it changes everything else', async () => {
      const open = backend.spec()
      await goLive(spawner, open)
      const { appId, network } = open
      const closed = next(open)
      const subnet = backend.spec().network.subnet
      closed.network = { name: networkName(appId, 'none'), subnet, egress: 'none' }
      await goLive(spawner, closed)
      expect(await spawner.applyWorkload(closed, allLive(), signal)).toMatchObject({ changed: false, settled: true })
      const back = { ...next(closed), network }
      await goLive(spawner, back)
      expect(await listed(spawner, back)).toMatchObject({ phase: 'available', generation: 3 })
    })

    contract('tells what is free and what is used', async () => {
      const spec = backend.spec()
      expect(await spawner.memoryUse(spec.appId, signal)).toEqual([])
      await goLive(spawner, spec)
      const [bytes = 0, ...others] = await spawner.memoryUse(spec.appId, signal)
      expect(others).toEqual([])
      expect(bytes).toBeGreaterThan(2 ** 20)
      expect(bytes).toBeLessThanOrEqual(spec.resources.memoryBytes)
      const { memoryBytes, diskBytes } = await spawner.headroom(signal)
      expect(Math.min(memoryBytes, diskBytes)).toBeGreaterThan(bytes)
    })

    contract('stops at once for a signal that has fired', async () => {
      const reason = new Error('enough')
      await expect(spawner.list(AbortSignal.abort(reason))).rejects.toBe(reason)
    })
  })
}

const next = (spec: WorkloadSpec): WorkloadSpec => ({
  ...spec,
  generation: spec.generation + 1,
  release: spec.release + 1,
})
const generations = ({ replicas }: ObservedWorkload) => replicas.map(({ generation }) => generation)

async function listed(spawner: Spawner, { appId }: WorkloadSpec) {
  return (await spawner.list(signal)).find((seen) => seen.appId === appId)
}

async function collect<T>(stream: AsyncIterable<T>, items: T[]) {
  for await (const item of stream) items.push(item)
}
