import { randomBytes } from 'node:crypto'
import { expect } from 'vitest'
import { zipOf } from '../../helpers/zip.ts'
import { send, uploading } from '../send.ts'
import type { World } from '../world.ts'

const archive = zipOf({ name: 'app.R', content: 'oc.init <- function() NULL\n' })

/** An app of alice with code, and what asks for verbs on it, as many at once as wanted. */
async function appWithCode({ manager, port, names, headers }: World, slug: string) {
  const alice = await manager.signIn('alice')
  const { id: appId } = await alice.call('POST /api/apps', {
    body: { name: slug, slug, codeSource: { type: 'upload' } },
  })
  const sent = uploading(`/api/apps/${appId}/upload`, { content: archive }, names, headers.owner ?? {})
  expect((await send(port, sent)).status).toBe(201)
  const ask = async (verb: string, options: { headers?: Record<string, string>; body?: string } = {}) => {
    const response = await alice.send(`/api/apps/${appId}/${verb}`, {
      method: 'POST',
      headers: { ...options.headers, ...(options.body && { 'content-type': 'application/json' }) },
      ...(options.body && { body: options.body }),
    })
    const { id = '' }: { id?: string } = JSON.parse(await response.text())
    return { status: response.status, id }
  }
  const atOnce = (count: number, verb: string) => Promise.all(Array.from({ length: count }, () => ask(verb)))
  return { alice, appId, ask, atOnce }
}

const statusesOf = (answers: { status: number }[]) => [...new Set(answers.map(({ status }) => status))].sort()
const idsOf = (answers: { id: string }[]) => new Set(answers.map(({ id }) => id)).size

/** As somebody who owns nothing yet. */
async function newcomer({ manager }: World) {
  const api = await manager.signIn(`n${randomBytes(5).toString('hex')}`)
  const create = (slug: string) =>
    api.send('/api/apps', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: slug, slug, codeSource: { type: 'upload' } }),
    })
  return { api, create }
}

export const raceScenarios: Record<string, (world: World) => Promise<void>> = {
  async 'app-quota'(world) {
    const { create } = await newcomer(world)
    const statuses = []
    for (let count = 0; count < 101; count++) statuses.push((await create(`quota-${count}`)).status)
    expect(statuses).toEqual([...Array<number>(100).fill(201), 409])
  },

  async 'app-delete-twice'(world) {
    const { api, create } = await newcomer(world)
    const { id }: { id: string } = JSON.parse(await (await create('twice')).text())
    const remove = async () => (await api.send(`/api/apps/${id}`, { method: 'DELETE' })).status
    expect([await remove(), await remove()]).toEqual([202, 404])
  },

  async 'app-slug-duplicate-race'(world) {
    const { create } = await newcomer(world)
    const answers = await Promise.all(Array.from({ length: 10 }, () => create('race')))
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([201, ...Array<number>(9).fill(409)])
  },

  async 'race-start-x10'(world) {
    const { alice, appId, atOnce } = await appWithCode(world, 'race-start')
    const answers = await atOnce(10, 'start')
    expect(statusesOf(answers)).toEqual([202])
    expect(idsOf(answers)).toBe(1)
    expect(await alice.settle(appId, 'start')).toMatchObject({ status: 'live', generation: 1 })
  },

  async 'race-stop-x10'(world) {
    const { alice, appId, atOnce } = await appWithCode(world, 'race-stop')
    await alice.settle(appId, 'start')
    const answers = await atOnce(10, 'stop')
    expect(statusesOf(answers)).toEqual([202])
    expect(idsOf(answers)).toBe(1)
    expect(await alice.settle(appId, 'stop')).toMatchObject({ status: 'stopped' })
  },

  async 'race-start-running'(world) {
    const { alice, appId, ask } = await appWithCode(world, 'race-running')
    const { id } = await alice.settle(appId, 'start')
    expect(await ask('start')).toEqual({ status: 202, id })
  },

  async 'race-rebuild-vs-delete'(world) {
    const { alice, appId, ask } = await appWithCode(world, 'race-delete')
    const [rebuilt] = await Promise.all([ask('rebuild'), alice.call('DELETE /api/apps/:appId', { params: { appId } })])
    expect([202, 404]).toContain(rebuilt.status)
    const { engine, instance } = world.manager
    const ours = () => engine.containersOf(instance).filter((container) => container.appId === appId)
    await expect.poll(ours).toEqual([])
  },

  async 'race-rebuild-x5'(world) {
    const { alice, appId, atOnce } = await appWithCode(world, 'race-rebuild')
    const answers = await atOnce(5, 'rebuild')
    expect(answers.every(({ status }) => [202, 409].includes(status))).toBe(true)
    expect(answers.some(({ status }) => status === 202)).toBe(true)
    const { items } = await alice.call('GET /api/apps/:appId/deployments', { params: { appId }, querystring: {} })
    expect(items.length).toBeLessThanOrEqual(2)
  },

  async 'race-update-during-build'(world) {
    const { alice, appId, ask } = await appWithCode(world, 'race-update')
    world.manager.builder.setFault(appId, { kind: 'hang' })
    const { id } = await ask('deploy')
    const params = { appId }
    const changed = await alice.call('PUT /api/apps/:appId', { params, body: { drainSeconds: 7 } })
    expect(changed.drainSeconds).toBe(7)
    world.manager.builder.setFault(appId, undefined)
    await alice.call('POST /api/apps/:appId/deployments/:deploymentId/cancel', { params: { appId, deploymentId: id } })
    const deployed = await alice.settle(appId, 'deploy')
    expect(deployed).toMatchObject({ status: 'live' })
  },

  async 'race-idempotency-key'(world) {
    const { ask } = await appWithCode(world, 'race-key')
    const headers = { 'idempotency-key': 'one' }
    const [first, second] = [await ask('rebuild', { headers }), await ask('rebuild', { headers })]
    expect(first).toEqual(second)
    expect(first.status).toBe(202)
  },

  async 'race-idempotency-key-diff'(world) {
    const { ask } = await appWithCode(world, 'race-key-diff')
    const headers = { 'idempotency-key': 'two' }
    await ask('rebuild', { headers })
    expect((await ask('rebuild', { headers, body: '{"updatePackages":true}' })).status).toBe(409)
  },
}
