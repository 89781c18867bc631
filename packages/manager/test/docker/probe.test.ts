import { once } from 'node:events'
import { connect } from 'node:net'
import { beforeAll, expect, it } from 'vitest'
import { fixture, removeLeftovers, requireBaseImage, startR, startReady } from './launcher/r-container.ts'

beforeAll(async () => {
  await requireBaseImage()
  await removeLeftovers()
})

it('opens a session until it has passed once, and never again', async () => {
  const r = await startReady('calls')
  await r.untilLogged('forked')
  for (let look = 0; look < 5; look += 1) expect(await r.probe('health')).toBe('well')
  expect((await r.logs()).match(/forked/g)).toHaveLength(1)
})

it('makes the engine call it healthy', async () => {
  const health = {
    Test: ['CMD', '/rserve/probe.sh', 'health'],
    Interval: 1e9,
    Timeout: 6e9,
    Retries: 3,
    StartPeriod: 30e9,
    StartInterval: 1e8,
  }
  const r = await startR({ code: fixture('calls'), health })
  await expect.poll(() => r.health(), { timeout: 10_000 }).toBe('healthy')
})

it('fails while oc.init() fails, in words', async () => {
  const r = await startR({ code: fixture('broken-session') })
  await expect.poll(() => r.probe('health'), { timeout: 10_000 }).toContain('does oc.init() fail?')
  await r.untilLogged('no session today')
})

it('fails at once while draining, and sessions go on', async () => {
  const r = await startReady('calls')
  await r.run('touch', '/tmp/.draining')
  expect(await r.probe('health')).toBe('draining')
  expect(await r.probe('ocap')).toBe('well')
})

it('sees an R that is stopped', async () => {
  const r = await startReady('calls')
  await r.run('bash', '-c', 'kill -STOP "$(</tmp/.rsp/server)"')
  expect(await r.probe('health')).toBe('R is stopped')
})

it('sees an R that accepts nothing any more, at the third look', async () => {
  const r = await startReady('hung-parent', { RSP_MODE: 'http' })
  const unanswered = fetch(r.url, { signal: AbortSignal.timeout(20_000) })
  unanswered.catch(() => 'nobody answers it')
  await expect.poll(() => r.probe('health'), { timeout: 10_000 }).toBe('R has not accepted connections for 3 looks')
})

it('queues a burst of visitors while R is busy', async () => {
  const r = await startReady('calls')
  await r.run('bash', '-c', 'kill -STOP "$(</tmp/.rsp/server)"')
  const sockets = Array.from({ length: 200 }, () => connect({ host: r.ip, port: 6311 }))
  const connected = sockets.map((socket) => once(socket, 'connect', { signal: AbortSignal.timeout(900) }))
  expect((await Promise.allSettled(connected)).filter(({ status }) => status === 'rejected')).toEqual([])
  for (const socket of sockets) socket.destroy()
})
