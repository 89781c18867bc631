import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SignedIn } from '../../packages/manager/test/helpers/signed-in.ts'
import { firstReply, textOf } from './first-reply.ts'

/** The app that says which container answers, deployed once; its package list proves that a code change installs none. */
export async function deployWho(api: SignedIn) {
  const folder = await mkdtemp(join(tmpdir(), 'rsp-bench-'))
  await cp(join(import.meta.dirname, '../fixtures/who'), folder, { recursive: true })
  const slug = `bench-${randomUUID().slice(0, 8)}`
  const app = await api.call('POST /api/apps', {
    body: { name: 'Bench', slug, codeSource: { type: 'upload' }, mode: 'http', packages: ['R6'] },
  })
  const params = { appId: app.id }
  await api.upload(app.id, folder)
  await deployed()

  async function deployed(verb: 'deploy' | 'restart' = 'deploy') {
    const deployment = await api.settle(app.id, verb)
    if (deployment.status !== 'live') throw new Error(`deployment ${deployment.status}: ${deployment.failure?.detail}`)
    return deployment
  }

  return {
    folder,
    async changeCode() {
      const script = join(folder, 'app.R')
      const text = await readFile(script, 'utf8')
      await writeFile(script, text.replace(/version <- ".*"/, `version <- "${randomUUID()}"`))
    },
    upload: () => api.upload(app.id, folder),
    appId: app.id,
    url: app.url,
    /** POST of the verb → first reply of the new generation. Returns when it is live and settled. */
    async timeOf(verb: 'deploy' | 'restart') {
      const before = await textOf(app.url)
      const startedAt = performance.now()
      const deployment = deployed(verb)
      const ms = await firstReply(app.url, startedAt, (text) => text !== before)
      await deployment
      return ms
    },
    async imageId() {
      const [release] = (await api.call('GET /api/apps/:appId/releases', { params, querystring: { limit: 1 } })).items
      if (!release) throw new Error('nothing was released')
      return release.imageId
    },
    async remove() {
      await api.call('DELETE /api/apps/:appId', { params })
      await rm(folder, { recursive: true })
    },
  }
}
export type WhoApp = Awaited<ReturnType<typeof deployWho>>
