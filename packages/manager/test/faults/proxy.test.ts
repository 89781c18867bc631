import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { docker, managerContainer } from '../e2e/engine-facts.ts'
import { stack } from '../e2e/stack.ts'
import { type FaultApp, newApp } from './fault-app.ts'
import { untilSound } from './soundness.ts'
import { untilManagerAnswers } from './stack-control.ts'

// F10, F11: the proxy is restarted, with the manager and without it.

let app: FaultApp
const proxy = docker.getContainer(`${stack.project}-traefik-1`)

beforeAll(async () => {
  app = await newApp({ replicas: 2 })
  expect(await app.deploy('1')).toMatchObject({ status: 'live' })
  return () => app[Symbol.asyncDispose]()
})
afterEach(() => untilSound())

/** Names of what it routes, by its own account. */
async function routers(): Promise<string[]> {
  const response = await fetch(`http://127.0.0.1:${stack.traefikPort}/api/http/routers?per_page=1000`)
  const found: { name: string }[] = JSON.parse(await response.text())
  return found.map(({ name }) => name).toSorted()
}

async function restart() {
  const began = Date.now()
  await proxy.restart({ t: 5 })
  await expect.poll(() => app.get('', 2_000), { timeout: 30_000, interval: 50 }).toEqual({ status: 200, text: '1' })
  return Date.now() - began
}

it('F10: routes the same again within seconds', async () => {
  const before = await routers()
  expect(before.some((name) => name.includes(app.id.slice(0, 8)))).toBe(true)
  expect(await restart()).toBeLessThan(10_000)
  await expect.poll(routers, { timeout: 10_000 }).toEqual(before)
})

it('F11: routes apps though no manager runs', async () => {
  await managerContainer.kill()
  try {
    expect(await restart()).toBeLessThan(10_000)
    await sleep(2_000)
    expect(await app.get()).toEqual({ status: 200, text: '1' })
  } finally {
    await managerContainer.start()
    await untilManagerAnswers()
  }
})
