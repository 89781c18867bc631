import { expect, it } from 'vitest'
import { createFakeEngine } from '../spawner/fake/fake-engine.ts'
import { createFakeSpawner } from '../spawner/fake/fake-spawner.ts'
import { type LogLine, type LogOptions, SpawnerError } from '../spawner/spawner.ts'
import { createFailureReporter } from './failure-report.ts'

const signal = AbortSignal.timeout(5_000)

function reporter(logs: (options: LogOptions) => LogLine[]) {
  const spawner = createFakeSpawner({ engine: createFakeEngine(), instance: 'i' })
  return createFailureReporter({
    ...spawner,
    async *logs(_appId, options) {
      yield* logs(options)
    },
  })
}

const line = (text: string): LogLine => ({ replicaId: 'r', stream: 'stdout', time: '2026-01-01T00:00:00Z', text })

it('finds the first error in the log of the replica', async () => {
  const report = reporter(({ replicaId }) => (replicaId === 'r' ? [line('Error: no model')] : []))
  expect(await report('a', { code: 'code-does-not-load', replicaId: 'r' }, signal)).toEqual({
    code: 'code-does-not-load',
    detail: 'Error: no model',
    lastLines: ['Error: no model'],
  })
})

it('says why without the log when the engine has none to give', async () => {
  const report = reporter(() => {
    throw new SpawnerError('internal', 'the log file is damaged')
  })
  expect(await report('a', { code: 'never-healthy', replicaId: 'r' }, signal)).toMatchObject({
    code: 'never-healthy',
    lastLines: [],
  })
})

it('waits for an engine that is away', async () => {
  const report = reporter(() => {
    throw new SpawnerError('unavailable', 'no engine')
  })
  await expect(report('a', { code: 'never-healthy', replicaId: 'r' }, signal)).rejects.toThrow('no engine')
})

it('never shows the log of another generation', async () => {
  const report = reporter(({ replicaId }) => (replicaId ? [] : [line('the old generation serves')]))
  expect(await report('a', { code: 'never-healthy' }, signal)).toMatchObject({ lastLines: [] })
})
