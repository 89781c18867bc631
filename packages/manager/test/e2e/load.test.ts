import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { signIn } from '../helpers/signed-in.ts'
import { copyOfHello } from './hello-code.ts'
import { stack } from './stack.ts'

const RATE_PER_SECOND = 40
const DEPLOYS = 5
const REQUESTS = 1_000

interface Visit {
  /** Seconds after the first visit. */
  at: number
  result: string
}

/** Open loop: a slow answer does not slow the next request down. */
async function visit(url: string, until: () => boolean): Promise<Visit[]> {
  const visits: Promise<Visit>[] = []
  const begun = performance.now()
  for (let at = begun; !until(); at += 1_000 / RATE_PER_SECOND) {
    await sleep(Math.max(0, at - performance.now()))
    const request = fetch(url, { signal: AbortSignal.timeout(10_000) })
    const result = request.then(statusOf, (error: Error) => `${error.cause ?? error}`)
    visits.push(result.then((text) => ({ at: Math.round((at - begun) / 100) / 10, result: text })))
  }
  return Promise.all(visits)
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
  const liveAt: number[] = []
  const begunAt = performance.now()
  const enoughAt = begunAt + (REQUESTS / RATE_PER_SECOND) * 1_000
  const visitors = visit(`${app.url}add?a=1&b=2`, () => deployed === DEPLOYS && performance.now() > enoughAt)
  for (; deployed < DEPLOYS; deployed++) {
    await code.changeAdd(deployed + 1)
    await api.upload(app.id, code.folder)
    expect(await api.settle(app.id, 'deploy')).toMatchObject({ status: 'live' })
    liveAt.push(Math.round((performance.now() - begunAt) / 100) / 10)
  }
  const visits = await visitors
  await api.call('DELETE /api/apps/:appId', { params: { appId: app.id } })

  console.log(`${visits.length} requests during ${DEPLOYS} deploys, live at ${liveAt.join(', ')} s`)
  expect(visits.length).toBeGreaterThanOrEqual(REQUESTS)
  expect(visits.filter(({ result }) => result !== '200')).toEqual([])
})
