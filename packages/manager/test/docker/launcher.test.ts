import { beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../helpers/rserve-client.ts'
import { fixture, removeLeftovers, requireBaseImage, startR, startReady } from './launcher/r-container.ts'

const http = { RSP_MODE: 'http' }

const text = async (url: string) => (await fetch(url)).text()

beforeAll(async () => {
  await requireBaseImage()
  await removeLeftovers()
})

describe('the image', () => {
  it('serves a hello page over HTTP and OCAP when it holds no code', async () => {
    const r = await startR()
    await r.untilHealthy()
    expect(await text(r.url)).toContain('No code is mounted')
    const session = await connect(r.url)
    expect(await session.call('version')).toBe('4.5.0')
    session.close()
  })

  it('has an Rserve that knows static files', async () => {
    const r = await startR()
    const check = 'stopifnot(packageVersion("Rserve") >= "1.8-15")'
    expect(await r.run('Rscript', '--vanilla', '-e', check)).toEqual({ code: 0, output: '' })
  })

  it('keeps the app out of the image and out of root', async () => {
    const r = await startR()
    const facts = await r.run('bash', '-c', 'id -u; echo $HOME; ls -A /opt/app/lib')
    expect(facts).toEqual({ code: 0, output: '10001\n/tmp/home\n' })
    const { output } = await r.run('touch', '/app/x', '/rserve/x')
    expect(output.match(/Read-only file system/g)).toHaveLength(2)
  })
})

describe('loading', () => {
  it('exits 1 with the message of R when the script fails', async () => {
    const r = await startR({ code: fixture('load-error') })
    expect(await r.exit()).toBe(1)
    expect(await r.logs()).toContain('Error in load_model() : the model file is missing')
  })

  it('exits 1 when an OCAP app defines no oc.init()', async () => {
    const r = await startR({ code: fixture('http-only') })
    expect(await r.exit()).toBe(1)
    expect(await r.logs()).toContain('Error: the app does not define oc.init()')
  })

  it('exits 1 when the entry script is missing', async () => {
    const r = await startR({ code: fixture('calls'), env: { RSP_ENTRY: '/app/other.R' } })
    expect(await r.exit()).toBe(1)
    expect(await r.logs()).toContain('the entry script /app/other.R does not exist')
  })

  it('refuses a script that would daemonise', async () => {
    const r = await startR({ code: fixture('daemon') })
    expect(await r.exit()).toBe(1)
    expect(await r.logs()).toContain('the platform starts the server')
  })

  it('ends at once on SIGTERM', async () => {
    const r = await startR({ code: fixture('slow-to-load') })
    await r.untilLogged('loading')
    const before = Date.now()
    await r.signal('SIGTERM')
    expect(await r.exit()).toBe(0)
    expect(Date.now() - before).toBeLessThan(3_000)
  })
})

describe('serving', () => {
  it('answers OCAP, HTTP and static files on one port', async () => {
    const r = await startReady('calls')
    const session = await connect(r.url)
    expect(await session.call('add', 1, 2)).toBe(3)
    expect(await text(`${r.url}/some/path`)).toBe('hello /some/path')
    expect(await text(`${r.url}/static/app.R`)).toContain('Everything at once')
    session.close()
  })

  it('answers HTTP and no WebSocket in http mode', async () => {
    const r = await startReady('http-only', http)
    expect(await text(`${r.url}/a`)).toBe('http /a')
    await expect(connect(r.url)).rejects.toThrow('closed')
  })

  it('takes over from a script that starts the server itself', async () => {
    const r = await startReady('own-server')
    const session = await connect(r.url)
    expect(await session.call('add', 2, 2)).toBe(4)
    await expect(fetch(`http://${r.ip}:9999`)).rejects.toThrow()
    session.close()
  })

  it('gives a failing call to the client and keeps the session', async () => {
    const r = await startReady('calls')
    const session = await connect(r.url)
    await expect(session.call('fail')).rejects.toThrow('127')
    expect(await r.logs()).toContain("this is the app's message")
    expect(await session.call('add', 1, 1)).toBe(2)
    session.close()
  })

  it('calls functions of the client', async () => {
    const r = await startReady('calls')
    const session = await connect(r.url)
    const steps: number[] = []
    const report = (step: number, done: (failure: null, value: boolean) => void) => {
      steps.push(step)
      done(null, true)
    }
    expect(await session.call('progress', report)).toBe('reported')
    expect(steps).toEqual([1, 2, 3])
    session.close()
  })

  it('refuses code as an argument and takes every kind of data', async () => {
    const r = await startR({ code: fixture('refusals') })
    await r.exit()
    const [refused = '', taken = ''] = (await r.logs()).split('data follows\n')
    const outcomes = (lines: string) => lines.match(/-> .*/g)
    expect(outcomes(refused)).toEqual(Array(8).fill('-> only data is accepted as an argument'))
    expect(outcomes(taken)).toEqual(Array(9).fill('-> ran'))
  })

  it('stops a call at its time limit and keeps the session', async () => {
    const r = await startReady('calls', { RSP_CALL_LIMIT: '1' })
    const session = await connect(r.url)
    await expect(session.call('loop', 5)).rejects.toThrow('127')
    expect(await session.call('add', 1, 1)).toBe(2)
    session.close()
  })

  it('closes a session that is idle for too long', async () => {
    const r = await startReady('calls', { RSP_IDLE: '1' })
    const session = await connect(r.url)
    await session.closed
    expect(await r.logs()).toMatch(/session \d+ was idle for 1 s: closed/)
  })
})

describe('sessions', () => {
  it('draw different random numbers', async () => {
    const r = await startReady('calls')
    const sessions = await Promise.all([connect(r.url), connect(r.url), connect(r.url)])
    const numbers = await Promise.all(sessions.map((session) => session.call('random')))
    expect(new Set(numbers).size).toBe(3)
    for (const session of sessions) session.close()
  })

  it('have their own temporary directory, swept when they are gone', async () => {
    const r = await startReady('calls')
    const [first, second] = await Promise.all([connect(r.url), connect(r.url)])
    const folder = await first.call('scratch')
    expect(folder).toBe(`/tmp/rsp/${await first.call('pid')}/${String(folder).split('/').at(-1)}`)
    await r.run('kill', '-KILL', String(await first.call('pid')))
    await first.closed
    expect(await second.call('scratch')).toMatch('/tmp/rsp/')
    await text(r.url)
    await text(r.url)
    expect((await r.run('ls', String(folder))).code).not.toBe(0)
    second.close()
  })
})
