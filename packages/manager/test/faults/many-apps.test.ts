import type { Deployment } from '@rserve-proxy/contract/deployments.ts'
import { isPending } from '@rserve-proxy/contract/deployments.ts'
import { afterAll, afterEach, expect, it } from 'vitest'
import { docker } from '../e2e/engine-facts.ts'
import { admin, type FaultApp, newApp } from './fault-app.ts'
import { untilSound } from './soundness.ts'

// F34: sixty apps on one machine.

const count = 60
const apps: FaultApp[] = []

afterEach(() => untilSound())
afterAll(async () => {
  await Promise.all(apps.map((app) => app[Symbol.asyncDispose]()))
}, 300_000)

async function begin(app: FaultApp, number: number): Promise<Deployment> {
  await app.upload(`app ${number}`)
  const { call } = await admin()
  return call('POST /api/apps/:appId/deploy', { params: { appId: app.id }, querystring: {} })
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

async function timeOf(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await act()
  return performance.now() - began
}

it('runs sixty apps, each in a network of its own, and answers as quickly as for one', async () => {
  const { call } = await admin()
  const list = () => call('GET /api/apps', { querystring: { limit: 100 } })
  const listTimes = async () => median(await Promise.all(Array.from({ length: 9 }, () => timeOf(list))))
  apps.push(await newApp())
  const withOne = await listTimes()
  for (let number = 1; number < count; number += 1) apps.push(await newApp())
  await Promise.all(apps.map(begin))
  const own = new Set(apps.map(({ id }) => id))
  const pending = async () =>
    (await list()).items.filter(({ id, deployment }) => own.has(id) && deployment && isPending(deployment.status))
      .length
  await expect.poll(pending, { timeout: 280_000, interval: 1_000 }).toBe(0)
  const answers = await Promise.all(apps.map((app) => app.get()))
  expect(answers.map(({ text }) => text)).toEqual(apps.map((_, number) => `app ${number}`))
  const networks = await docker.listNetworks({ filters: { name: ['rsp-net-'] } })
  const subnets = networks.flatMap(({ IPAM }) => IPAM?.Config?.map(({ Subnet }) => Subnet) ?? [])
  expect(new Set(subnets).size).toBe(subnets.length)
  expect(subnets.length).toBeGreaterThanOrEqual(count)
  // A query per app would make it sixty times as long.
  expect((await listTimes()) / withOne).toBeLessThan(15)
})
