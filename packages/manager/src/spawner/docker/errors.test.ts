import { expect, it } from 'vitest'
import { SpawnerError } from '../spawner.ts'
import { engineCall } from './engine-call.ts'
import { toSpawnerError } from './errors.ts'
import { hintOf } from './watch.ts'

const answer = (statusCode: number, message: string) => Object.assign(new Error(message), { statusCode })
const system = (code: string) => Object.assign(new Error(`connect ${code}`), { code })

it.each([
  [answer(404, '(HTTP code 404) No such image: sha256:0'), 'image-missing'],
  [answer(404, '(HTTP code 404) no such container'), 'conflict'],
  [answer(403, 'invalid pool request: Pool overlaps with other one on this address space'), 'subnet-taken'],
  [answer(403, 'error while removing network: has active endpoints'), 'conflict'],
  [answer(409, 'Conflict. The container name "/x" is already in use by container "y".'), 'name-taken'],
  [answer(400, 'invalid reference'), 'invalid-spec'],
  [answer(500, 'write /var: no space left on device'), 'out-of-resources'],
  [answer(500, 'something else'), 'internal'],
  [answer(503, 'daemon is shutting down'), 'unavailable'],
  [system('ECONNREFUSED'), 'unavailable'],
  [system('ENOENT'), 'unavailable'],
  [system('EACCES'), 'not-permitted'],
  [new Error('unheard of'), 'internal'],
])('translates "%s" to %s', (error, code) => {
  expect(toSpawnerError(error, 'do a thing')).toMatchObject({ code, message: expect.stringMatching(/^do a thing: /) })
})

it('passes an error on that is translated already', () => {
  const error = new SpawnerError('stale-generation', 'older')
  expect(toSpawnerError(error, 'again')).toBe(error)
})

it('ends a call that gets no answer', async () => {
  const silent = engineCall('wait', AbortSignal.timeout(60_000), () => new Promise(() => undefined), 5)
  await expect(silent).rejects.toMatchObject({ code: 'timeout' })
})

it("throws the caller's own reason when the caller gives up", async () => {
  const reason = new Error('enough')
  await expect(engineCall('wait', AbortSignal.abort(reason), async () => 'never')).rejects.toBe(reason)
})

const labels = { 'rserve-proxy.io/managed': 'true', 'rserve-proxy.io/instance': 'i', 'rserve-proxy.io/schema': '1' }
const event = (Action: string, Attributes: Record<string, string>) => ({ Action, Actor: { Attributes } })

it.each([
  [event('die', { ...labels, 'rserve-proxy.io/app-id': 'a' }), { type: 'changed', appId: 'a', cause: 'die' }],
  [event('start', { 'rserve-proxy.io/instance': 'i', 'rserve-proxy.io/role': 'proxy' }), { type: 'resync' }],
  [event('die', { 'rserve-proxy.io/instance': 'i', 'rserve-proxy.io/role': 'proxy' }), undefined],
  [event('die', { ...labels, 'rserve-proxy.io/app-id': 'a', 'rserve-proxy.io/instance': 'other' }), undefined],
  [event('die', {}), undefined],
  [undefined, undefined],
])('hints of event %#', (found, hint) => {
  expect(hintOf(found, 'i')).toEqual(hint)
})
