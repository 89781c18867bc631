import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { signIn } from '../helpers/signed-in.ts'
import { copyOfHello } from './hello-code.ts'
import { stack } from './stack.ts'

const RATE_PER_SECOND = 40
const DEPLOYS = 5
const REQUESTS = 1_000

/** Open loop: a slow answer does not slow the next request down. */
async function visit(url: string, until: () => boolean) {
  const results: Promise<string>[] = []
  for (let at = performance.now(); !until(); at += 1_000 / RATE_PER_SECOND) {
    await sleep(Math.max(0, at - performance.now()))
    results.push(
      fetch(url, { signal: AbortSignal.timeout(10_000) }).then(statusOf, (error: Error) => `${error.cause ?? error}`),
    )
  }
  return Promise.all(results)
}

async function statusOf(response: Response) {
  await response.arrayBuffer()
  return String(response.status)
}

it(`loses none of ${REQUESTS} requests at ${RATE_PER_SECOND}/s during ${DEPLOYS} deploys`, async () => {
  const api = await signIn(stack.url, 'admin', stack.adminPassword)
  await using code = await copyOfHello()
  const slug = `load-${randomUUID().slice(0, 8)}`
  const app = await api.call('POST /api/apps', { body: { name: 'Load', slug, codeSource: { type: 'upload' } } })
  await api.upload(app.id, code.folder)
  expect(await api.settle(app.id, 'deploy')).toMatchObject({ status: 'live' })

  let deployed = 0
  const enoughAt = performance.now() + (REQUESTS / RATE_PER_SECOND) * 1_000
  const visitors = visit(`${app.url}add?a=1&b=2`, () => deployed === DEPLOYS && performance.now() > enoughAt)
  for (; deployed < DEPLOYS; deployed++) {
    await code.changeAdd(deployed + 1)
    await api.upload(app.id, code.folder)
    expect(await api.settle(app.id, 'deploy')).toMatchObject({ status: 'live' })
  }
  const results = await visitors
  await api.call('DELETE /api/apps/:appId', { params: { appId: app.id } })

  console.log(`${results.length} requests during ${DEPLOYS} deploys`)
  expect(results.length).toBeGreaterThanOrEqual(REQUESTS)
  expect(results.filter((result) => result !== '200')).toEqual([])
})
