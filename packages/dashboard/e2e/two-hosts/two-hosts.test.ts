import { request } from 'node:http'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from '../browser.ts'
import { hostileArchive, visitHostileApp } from '../hostile-app.ts'
import { createHosts } from './hosts.ts'

// A stack in production shape: two hosts, TLS, no admin yet. scripts/testing/two-hosts starts it.
const { MANAGER_URL = '', APPS_URL = '', SETUP_URL = '', TEST_AUTHORITY = '', HTTP_PORT = '' } = process.env
const password = 'correct horse battery'
const call = createHosts(TEST_AUTHORITY)

let browser: Browser
let context: BrowserContext
let page: Page

beforeAll(async () => {
  browser = await openBrowser(['hub.test', 'apps.test'])
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  page = await context.newPage()
})
afterAll(() => browser?.close())

/** As the dashboard does: on its own page. */
const inPage = <T>(path: string, init: { method?: string; body?: string } = {}): Promise<T> =>
  page.evaluate(
    async ([address, options]) => {
      const headers = { 'content-type': 'application/json' }
      return (await fetch(address, { ...options, headers })).json()
    },
    [path, init] as const,
  )

it('is set up through the link of the log, in a browser, over HTTPS', async () => {
  await page.goto(SETUP_URL)
  await page.getByLabel('Name', { exact: true }).fill('ada')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Make admin and sign in' }).click()
  await page.getByText('The engine answers, and nothing is missing.').waitFor()
  await page.getByRole('link', { name: 'Deploy the sample' }).click()
  await page.getByRole('button', { name: 'Deploy', exact: true }).click()
  await page.getByRole('heading', { name: 'v1 is live', level: 1 }).waitFor({ timeout: 60_000 })
  const cookies = await context.cookies()
  expect(
    cookies.map(({ name, secure, httpOnly, sameSite, path, domain }) => [
      name,
      secure,
      httpOnly,
      sameSite,
      path,
      domain,
    ]),
  ).toEqual([
    ['__Host-rsp_session', true, true, 'Strict', '/', 'hub.test'],
    ['__Host-rsp_device', true, true, 'Strict', '/', 'hub.test'],
  ])
  expect(await inPage('/api/setup')).toEqual({ needed: false })
})

describe('a hostile app on the host of apps', () => {
  let bearer: string
  let appUrl: string

  beforeAll(async () => {
    const body = JSON.stringify({ name: 'deploy' })
    const { token } = await inPage<{ token: string }>('/api/auth/tokens', { method: 'POST', body })
    bearer = `Bearer ${token}`
    const deployed = await call(`${MANAGER_URL}/api/deploy/hostile?create=true&mode=http&wait=120`, {
      method: 'POST',
      headers: { authorization: bearer, 'content-type': 'application/gzip' },
      body: await hostileArchive(),
    })
    expect(JSON.parse(deployed.body)).toMatchObject({ deployment: { status: 'live' } })
    appUrl = `${APPS_URL}/hostile/`
  })

  it('reads nothing, makes no token, scripts nothing, frames nothing, registers no worker, changes no sign-in', async () => {
    const attack = await visitHostileApp(context, appUrl, MANAGER_URL)
    expect(attack.results).toEqual({
      read: 'refused: TypeError',
      send: 'done: opaque',
      sendJson: 'refused: TypeError',
      stream: 'refused: Error',
      script: 'refused: SecurityError',
      worker: 'refused: SecurityError',
      cookie: expect.stringContaining('rsp_session=evil'),
    })
    expect(attack.tokenStatuses).toContain(403)
    expect(attack.tokenStatuses).not.toContain(201)
    expect(attack.framed).toEqual(['chrome-error://chromewebdata/'])
    expect(attack.seenHeaders).toMatch(/^GET |host:/im)
    expect(attack.seenHeaders).not.toMatch(/__Host-rsp_session=(?!evil)/)
    expect(await inPage('/api/auth/me')).toMatchObject({
      user: { username: 'ada', role: 'admin' },
      singleOrigin: false,
    })
    expect(await inPage<{ items: object[] }>('/api/auth/tokens')).toMatchObject({ items: [{ name: 'deploy' }] })
  })

  it('cannot widen its reach by headers', async () => {
    const { headers } = await call(appUrl)
    expect(headers).not.toHaveProperty('service-worker-allowed')
    expect(headers).not.toHaveProperty('clear-site-data')
    // The sandbox is for apps that share the dashboard's origin.
    expect(headers).not.toHaveProperty('content-security-policy')
  })
})

describe('the two hosts', () => {
  it('lead to their own back end, and any other name to none', async () => {
    expect((await call(`${MANAGER_URL}/hostile/`)).status).toBe(404)
    expect((await call(`${APPS_URL}/api/auth/me`)).status).toBe(404)
    expect((await call(`${APPS_URL}/login`)).body).not.toContain('<div id="root">')
    const other = await call(`${MANAGER_URL}/api/health`, { headers: { host: 'other.test' } })
    expect(other.status).toBe(404)
  })

  it('lead from HTTP to HTTPS, but the API', async () => {
    const plain = (path: string) =>
      new Promise<[number | undefined, string | undefined]>((resolve, reject) => {
        const options = { host: '127.0.0.1', port: HTTP_PORT, path, headers: { host: 'hub.test' } }
        request(options, (answer) => resolve([answer.statusCode, answer.resume().headers.location]))
          .on('error', reject)
          .end()
      })
    expect(await plain('/apps?q=x')).toEqual([301, `${MANAGER_URL}/apps?q=x`])
    for (const path of ['/api/auth/me', '/api', '/api/']) expect(await plain(path)).toEqual([404, undefined])
  })

  it('answer with HSTS, and the dashboard with a strict policy', async () => {
    const { headers } = await call(`${MANAGER_URL}/`)
    expect(headers['strict-transport-security']).toBe('max-age=31536000')
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  })

  it('believe no address that a client made up', async () => {
    const spoofed = { 'x-forwarded-for': '198.51.100.7', 'x-real-ip': '198.51.100.7', forwarded: 'for=198.51.100.7' }
    const body = JSON.stringify({ username: 'nobody', password: 'wrong wrong' })
    const headers = { ...spoofed, 'content-type': 'application/json' }
    expect((await call(`${MANAGER_URL}/api/auth/login`, { method: 'POST', headers, body })).status).toBe(401)
    const { items } = await inPage<{ items: { address: string }[] }>('/api/audit?action=login&result=failed')
    expect(items).toHaveLength(1)
    expect(items[0]?.address).not.toBe('198.51.100.7')
    const underscored = await call(`${MANAGER_URL}/api/health`, { headers: { x_forwarded_for: '198.51.100.7' } })
    expect(underscored.status).toBe(400)
  })
})
