import { beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../helpers/rserve-client.ts'
import { removeLeftovers, requireBaseImage, startReady } from './launcher/r-container.ts'

beforeAll(async () => {
  await requireBaseImage()
  await removeLeftovers()
})

describe('SIGTERM', () => {
  it('ends an idle server with 0', async () => {
    const r = await startReady('calls')
    await r.signal('SIGTERM')
    expect(await r.exit()).toBe(0)
  })

  it('lets a call in flight finish, takes no new connection, and does not mind a second signal', async () => {
    const r = await startReady('calls')
    const session = await connect(r.url)
    const reply = session.call('slow', 2)
    await r.signal('SIGTERM')
    await expect.poll(() => r.probe('listen')).toBe('nothing listens on port 6311')
    await r.signal('SIGTERM')
    await expect(fetch(r.url)).rejects.toThrow()
    expect(await reply).toBe('done')
    expect(await session.call('add', 1, 2)).toBe(3)
    session.close()
    expect(await r.exit()).toBe(0)
  })

  it('ends sessions that stay beyond the drain limit', async () => {
    const r = await startReady('calls', { RSP_DRAIN: '1' })
    const session = await connect(r.url)
    await r.signal('SIGTERM')
    expect(await session.closed).toBe(1006)
    expect(await r.exit()).toBe(0)
  })
})
