// What the built dashboard costs a browser: the longest task of its main thread with a log of 200 000 lines and with a
// list of 1 000 apps, and the largest paint over a slow line (150 ms there and back, 1.6 Mbit/s, a processor at a
// quarter). Needs `bun run build` and Chromium (CHROMIUM_PATH), no stack.
//   node bench/dashboard.ts
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { codeFolder } from '../packages/manager/test/helpers/code-folder.ts'
import { addApps } from '../packages/manager/test/helpers/many-apps.ts'
import type { SignedIn } from '../packages/manager/test/helpers/signed-in.ts'
import { openTestDatabase } from '../packages/manager/test/helpers/test-database.ts'
import { startTestManager } from '../packages/manager/test/helpers/test-manager.ts'

const lineCount = 200_000
const appCount = 1_000
const limitMs = 100

const { CHROMIUM_PATH: executablePath = '/usr/bin/chromium' } = process.env
await using database = await openTestDatabase()
await using manager = await startTestManager(database, {
  env: {
    DASHBOARD_DIR: join(import.meta.dirname, '../packages/dashboard/dist'),
    REQUESTS_PER_MINUTE: '100000',
  },
})
const admin = await manager.signIn('admin')
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
try {
  const deployment = await longBuild(admin)

  console.log(
    await longestOf('log of 200 000 lines', `/apps/${deployment.appId}/deployments/${deployment.id}`, readLog),
  )
  const { user } = await admin.call('GET /api/auth/me', {})
  await addApps(database, user.id, appCount - 1, 1)
  console.log(await longestOf('list of 1 000 apps', '/apps', readList))
  console.log(await firstData())
  for (const path of ['/login', '/apps']) console.log(await largestPaint(path))
} finally {
  await browser.close()
}

/** A build that printed a lot and failed. */
async function longBuild(api: SignedIn) {
  const app = await api.call('POST /api/apps', { body: { name: 'Long', slug: 'long', codeSource: { type: 'upload' } } })
  const lines = Array.from(
    { length: lineCount },
    (_, at) => `\u001b[32m*\u001b[0m compiling ${at} of ${lineCount}: ${'x'.repeat(at % 60)}`,
  )
  manager.builder.setFault(app.id, { kind: 'fail', message: 'R stopped', lastLines: lines, exitCode: 1 })
  await using code = await codeFolder('first')
  await api.upload(app.id, code.folder)
  return api.settle(app.id, 'deploy')
}

async function readLog(page: Page) {
  const log = page.getByRole('log')
  await log
    .getByText(`compiling ${lineCount - 1} of`)
    .first()
    .waitFor({ timeout: 60_000 })
  await log.evaluate(async (box) => {
    for (let at = 20; at >= 0; at--) {
      box.scrollTop = (box.scrollHeight * at) / 20
      await new Promise(requestAnimationFrame)
      await new Promise(requestAnimationFrame)
    }
  })
  await page.getByLabel('Find in Build log').fill('compiling 199999')
  await log.getByText('compiling 199999 of').first().waitFor({ timeout: 60_000 })
}

async function readList(page: Page) {
  await page.getByRole('link', { name: `All ${appCount}` }).waitFor({ timeout: 60_000 })
  await page.evaluate(async () => {
    const end = document.documentElement.scrollHeight
    for (let at = 0; at <= 60; at++) {
      window.scrollTo(0, (end * at) / 60)
      await new Promise(requestAnimationFrame)
      await new Promise(requestAnimationFrame)
    }
  })
  await page.getByRole('searchbox').fill('App 99')
  await page.getByRole('link', { name: 'App 998', exact: true }).waitFor()
}

async function longestOf(name: string, path: string, act: (page: Page) => Promise<void>) {
  const page = await openPage(browser)
  await page.addInitScript(() => {
    const tasks: number[] = []
    Object.assign(window, { tasks })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push(entry.duration)
    }).observe({ type: 'longtask', buffered: true })
  })
  await page.goto(`${manager.url}${path}`)
  await act(page)
  const tasks: number[] = await page.evaluate(() => Object(window).tasks)
  await page.context().close()
  const longest = Math.max(0, ...tasks)
  return `${name}: longest task of the page ${longest.toFixed(0)} ms (limit ${limitMs}), ${tasks.length} tasks above 50 ms`
}

/** What the list of apps waits for. */
async function firstData() {
  const page = await openPage(browser)
  const answer = page.waitForResponse((response) => response.url().includes('/api/apps?'))
  await page.goto(`${manager.url}/apps`)
  const bytes = (await (await answer).body()).length
  await page.context().close()
  return `first data of the list of ${appCount} apps: ${bytes} bytes (limit 15000)`
}

async function largestPaint(path: string) {
  const page = await openPage(browser, { isSignedIn: path !== '/login' })
  const session = await page.context().newCDPSession(page)
  const bytesPerSecond = 1.6e6 / 8
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 150, downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond },
  })
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await page.goto(`${manager.url}${path}`)
  await page.getByRole('heading', { level: 1 }).waitFor({ timeout: 60_000 })
  const paint = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? 0)).observe({
          ...{ type: 'largest-contentful-paint', buffered: true },
        })
      }),
  )
  await page.context().close()
  return `largest paint of ${path} over a slow line: ${(paint / 1_000).toFixed(2)} s`
}

async function openPage(from: Browser, { isSignedIn = true } = {}) {
  const context = await from.newContext({ viewport: { width: 1280, height: 800 } })
  const [name = '', value = ''] = admin.cookie().split('=', 2)
  if (isSignedIn) await context.addCookies([{ name, value, url: `${manager.url}/api`, sameSite: 'Strict' }])
  return context.newPage()
}
