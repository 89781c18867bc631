import { request } from 'node:http'
import { expect } from 'vitest'
import { zipOf } from '../../helpers/zip.ts'
import { send, uploading } from '../send.ts'
import type { World } from '../world.ts'

const archive = zipOf({ name: 'app.R', content: 'oc.init <- function() NULL\n' })

export const uploadScenarios: Record<string, (world: World) => Promise<void>> = {
  async 'upload-aborted'(world) {
    const { port, names, headers, manager } = world
    const whole = uploading('/api/apps/{appId}/upload', { content: archive }, names, headers.owner ?? {})
    expect((await send(port, whole)).status).toBe(201)
    await new Promise<void>((resolve) => {
      const { method, path, body } = whole
      const asking = request({
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: { ...whole.headers, 'content-length': '99999' },
      })
      asking.on('error', () => resolve())
      asking.write(body?.subarray(0, 200))
      setTimeout(() => asking.destroy(), 200)
    })
    await expect.poll(world.stagedFiles).toEqual([])
    const alice = await manager.signIn('alice')
    const deployed = await alice.settle(names.appId ?? '', 'deploy')
    expect(deployed).toMatchObject({ status: 'live' })
  },

  async 'upload-git-source'({ manager, port, names, headers }) {
    const alice = await manager.signIn('alice')
    const codeSource = { type: 'git' as const, repoUrl: 'https://git.example/o/r' }
    const { id } = await alice.call('POST /api/apps', { body: { name: 'git', slug: 'from-git', codeSource } })
    const sent = uploading(`/api/apps/${id}/upload`, { content: archive }, names, headers.owner ?? {})
    expect((await send(port, sent)).status).toBe(409)
  },

  async 'upload-while-building'({ manager, port, names, headers }) {
    const alice = await manager.signIn('alice')
    const appId = names.appId ?? ''
    const upload = () =>
      send(port, uploading('/api/apps/{appId}/upload', { content: archive }, names, headers.owner ?? {}))
    await upload()
    manager.builder.setFault(appId, { kind: 'hang' })
    const params = { appId }
    const { id } = await alice.call('POST /api/apps/:appId/rebuild', { params, querystring: {} })
    const read = () =>
      alice.call('GET /api/apps/:appId/deployments/:deploymentId', { params: { appId, deploymentId: id } })
    await expect.poll(async () => (await read()).build?.phase).toBe('resolving')
    expect((await upload()).status).toBe(201)
    manager.builder.setFault(appId, undefined)
    await alice.call('POST /api/apps/:appId/deployments/:deploymentId/cancel', { params: { appId, deploymentId: id } })
    await expect.poll(async () => (await read()).build?.status).toBe('cancelled')
  },
}
