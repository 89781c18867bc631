import { afterEach, beforeAll, expect, it } from 'vitest'
import { docker } from '../e2e/engine-facts.ts'
import { stack } from '../e2e/stack.ts'
import { type FaultApp, newApp } from './fault-app.ts'
import { untilSound } from './soundness.ts'

// F21, F22: somebody changes containers and networks behind the manager's back. All is repaired within 30 s.

let app: FaultApp

beforeAll(async () => {
  app = await newApp()
  expect(await app.deploy('1')).toMatchObject({ status: 'live' })
  return () => app[Symbol.asyncDispose]()
})
afterEach(() => untilSound())

const networkName = async () => Object.keys((await inspect()).NetworkSettings.Networks)[0] ?? ''
const inspect = async () => (await container()).inspect()

async function container() {
  const [first] = await app.containers()
  if (!first) throw new Error('the app has no container')
  return docker.getContainer(first.Id)
}

async function detachAll(name: string) {
  const network = docker.getNetwork(name)
  const { Containers } = await network.inspect()
  for (const Container of Object.keys(Containers ?? {})) await network.disconnect({ Container, Force: true })
  return network
}

const acts: [string, () => Promise<unknown>][] = [
  ['a container is removed', async () => (await container()).remove({ force: true })],
  ['a container is stopped', async () => (await container()).stop({ t: 0 })],
  ['a container is killed', async () => (await container()).kill()],
  ['a container is paused', async () => (await container()).pause()],
  ['a container is renamed', async () => (await container()).rename({ name: `renamed-${app.id.slice(0, 8)}` })],
  [
    'a container is cut off its network',
    async () => docker.getNetwork(await networkName()).disconnect({ Container: (await container()).id, Force: true }),
  ],
  [
    'the proxy is cut off the network of an app',
    async () =>
      docker.getNetwork(await networkName()).disconnect({ Container: `${stack.project}-traefik-1`, Force: true }),
  ],
  ['the network of an app is removed', async () => (await detachAll(await networkName())).remove()],
]

it.each(acts)('repairs it when %s', async (_name, act) => {
  await act()
  const since = Date.now()
  await expect.poll(() => app.get('', 2_000), { timeout: 30_000, interval: 100 }).toEqual({ status: 200, text: '1' })
  expect(Date.now() - since).toBeLessThan(30_000)
  await expect.poll(async () => (await app.read()).status, { timeout: 30_000 }).toBe('running')
  expect((await app.containers()).map(({ State }) => State)).toEqual(['running'])
})
