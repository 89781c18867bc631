import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '@rserve-proxy/contract/apps.ts'
import { type Deployment, isPending } from '@rserve-proxy/contract/deployments.ts'
import { docker, managerContainer } from '../e2e/engine-facts.ts'
import { copyOfHello, exampleFolder } from '../e2e/hello-code.ts'
import { stack } from '../e2e/stack.ts'
import { signIn } from '../helpers/signed-in.ts'
import type { Epoch } from './report.ts'

/** `add(1, 2)` of the first code; every deployment adds one. */
const firstValue = 3
const memoryBytes = 384 * 2 ** 20
const tooMuch = 'hoard <- lapply(1:40, function(i) rep(as.numeric(i), 4e6))\n'

/** One app of the stack, what is done to it, and which code was live when. */
export async function openWorld(drainSeconds: number) {
  const api = await signIn(stack.url, 'admin', stack.adminPassword)
  const code = await copyOfHello()
  const slug = `acceptance-${randomUUID().slice(0, 8)}`
  const app: App = await api.call('POST /api/apps', {
    body: { name: 'Acceptance', slug, codeSource: { type: 'upload' }, resources: { memoryBytes } },
  })
  const params = { appId: app.id }
  await api.call('PUT /api/apps/:appId', { params, body: { drainSeconds } })
  const epochs: Epoch[] = []
  const scaledInAt: number[] = []
  const releases = new Map<number, number>()
  let value = firstValue - 1

  /** From the question to the moment at which the API says that it is live. */
  async function live(wanted: number, act: () => Promise<Deployment>): Promise<Deployment> {
    const from = Date.now()
    const deployment = await act()
    if (deployment.status !== 'live') throw new Error(`not live: ${JSON.stringify(deployment)}`)
    epochs.push({ value: wanted, from, liveAt: Date.now() })
    return deployment
  }

  async function uploadNext() {
    value += 1
    if (value > firstValue) await code.changeAdd(value - firstValue)
    await api.upload(app.id, code.folder)
    return value
  }

  async function deploy() {
    const wanted = await uploadNext()
    const deployment = await live(wanted, () => api.settle(app.id, 'deploy'))
    releases.set(wanted, deployment.release ?? 0)
    return `code ${wanted}, release ${deployment.release}`
  }

  async function deployBad(folder: string, expected: string) {
    await api.upload(app.id, folder)
    const { status, failure } = await api.settle(app.id, 'deploy')
    if (status !== 'failed' || failure?.code !== expected)
      throw new Error(`expected ${expected}: ${status} ${JSON.stringify(failure)}`)
    return `${failure.code}: ${failure.detail.slice(0, 60)}`
  }

  async function settled(id: string): Promise<Deployment> {
    while (true) {
      const query = { params: { ...params, deploymentId: id } }
      const seen = await api.call('GET /api/apps/:appId/deployments/:deploymentId', query).catch(() => undefined)
      if (seen && !isPending(seen.status)) return seen
      await sleep(200)
    }
  }

  function containersOf(generation: number) {
    const labels = [`rserve-proxy.io/app-id=${app.id}`, `rserve-proxy.io/generation=${generation}`]
    return docker.listContainers({ filters: { label: labels } })
  }

  return {
    app,
    history: { epochs, scaledInAt, drainMs: drainSeconds * 1_000 },
    deploy,
    deployBroken: () => deployBad(exampleFolder('broken'), 'code-does-not-load'),

    async deployHoarding() {
      await using hoarding = await copyOfHello()
      await writeFile(join(hoarding.folder, 'app.R'), tooMuch)
      return await deployBad(hoarding.folder, 'out-of-memory')
    },

    async rollBack() {
      const before = value - 1
      const release = releases.get(before)
      if (!release) throw new Error(`no release answers ${before}`)
      await live(before, () =>
        api.call('POST /api/apps/:appId/rollback', { params, body: { release }, querystring: { wait: 120 } }),
      )
      return `to release ${release}`
    },

    async scale(replicas: number, from: number) {
      if (replicas < from) scaledInAt.push(Date.now())
      const { deployment } = await api.call('PUT /api/apps/:appId', { params, body: { replicas } })
      const generation = deployment?.generation
      const deadline = Date.now() + (drainSeconds + 60) * 1_000
      while (true) {
        const own = await containersOf(generation ?? 0)
        const isReady = own.every(({ Status }) => Status.includes('(healthy)'))
        if (own.length === replicas && isReady) return `${replicas} replicas`
        if (Date.now() > deadline)
          throw new Error(`not ${replicas} replicas: ${own.map(({ Names, Status }) => `${Names} ${Status}`)}`)
        await sleep(250)
      }
    },

    /** Killed as by a power cut while the new generation starts. */
    async killManagerInDeploy() {
      const wanted = await uploadNext()
      const from = Date.now()
      const { id } = await api.call('POST /api/apps/:appId/deploy', { params, querystring: {} })
      await until(async () => ['starting', 'verifying', 'switching'].includes((await seenOf(id)).status))
      await managerContainer.kill({ signal: 'SIGKILL' })
      await sleep(1_000)
      await managerContainer.start()
      const { status } = await settled(id)
      if (status !== 'live') throw new Error(`the deployment ended as ${status}`)
      epochs.push({ value: wanted, from, liveAt: Date.now() })
      return 'killed, started, live'
    },

    async restartProxy() {
      const began = Date.now()
      await docker.getContainer(`${stack.project}-traefik-1`).restart({ t: 5 })
      await until(async () => (await fetch(`${app.url}add?a=1&b=2`).catch(() => undefined))?.status === 200)
      return `answers again after ${((Date.now() - began) / 1_000).toFixed(1)} s`
    },

    /** The manager's own checker: everything as it was asked for, every container as the template wants it. */
    async check() {
      await until(async () => (await api.call('GET /api/system', {})).drift?.length === 0)
      return 'no drift'
    },

    async remove() {
      await api.call('DELETE /api/apps/:appId', { params })
      await code[Symbol.asyncDispose]()
    },
  }

  function seenOf(deploymentId: string) {
    return api.call('GET /api/apps/:appId/deployments/:deploymentId', { params: { ...params, deploymentId } })
  }
}
export type World = Awaited<ReturnType<typeof openWorld>>

async function until(holds: () => Promise<boolean>) {
  const deadline = Date.now() + 60_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('not within 60 s')
    await sleep(50)
  }
}
