import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase } from '../../../manager/test/helpers/test-database.ts'
import { startTestManager, type TestManager } from '../../../manager/test/helpers/test-manager.ts'
import { openBrowser } from '../browser.ts'
import { type Screen, screensOf } from './screens.ts'
import { type Seeded, seed } from './seed.ts'

// Every screen of the built dashboard before the real manager and the fake engine, in both themes and three widths.

const folder = process.env.SCREENSHOTS
const widths = {
  wide: { width: 1280, height: 800 },
  middle: { width: 768, height: 1024 },
  narrow: { width: 320, height: 640 },
}
// Between the two there is no other layout: a test run leaves it out for its length.
const chosen = Object.entries(widths).filter(([name]) => folder || name !== 'middle')
const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  chosen.map(([name, viewport]) => ({ name: `${name}-${colorScheme}`, colorScheme, viewport })),
)
const only = process.env.SCREENS ? process.env.SCREENS.split(',') : undefined
const nothing: Seeded = { apps: {}, deployments: {} }
const names = screensOf(nothing).map(({ name }) => name)

const closing = new AsyncDisposableStack()
let manager: TestManager
/** Without a user. */
let fresh: TestManager
let browser: Browser
let screens: Screen[]
let session: string

beforeAll(async () => {
  manager = await start()
  fresh = await start()
  screens = screensOf(await seed(manager))
  session = await signedIn(manager)
  browser = await openBrowser()
  if (folder) await mkdir(folder, { recursive: true })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await closing.disposeAsync()
})

async function start() {
  const database = closing.use(await openTestDatabase())
  const env = { DASHBOARD_DIR: join(import.meta.dirname, '../../dist') }
  return closing.use(await startTestManager(database, { env }))
}

describe.each(looks)('$name', (look) => {
  it.each(names.filter((name) => !only || only.includes(name)))('%s', async (name) => {
    const screen = screens.find((found) => found.name === name)
    if (!screen) throw new Error(`no screen ${name}`)
    const { page, complaints } = await open(screen, look)
    if (folder)
      await page.screenshot({
        path: join(folder, `${name}-${look.name}.png`),
        fullPage: !(await page.locator('dialog[open]').count()),
      })
    expect(await widerThanScreen(page)).toEqual([])
    expect(await violations(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.context().close()
    if (screen.isEngineDown) await comeBack()
  })
})

/** The manager has looked at the engine again. */
async function comeBack() {
  manager.engine.setUnavailable(false)
  const answers = async () => Object(await (await fetch(`${manager.url}/api/health`)).json()).engine
  await expect.poll(answers, { timeout: 20_000 }).toBe(true)
}

type Look = (typeof looks)[number]

async function open({ path, act, shows, isSignedOut, isNew, isEngineDown }: Screen, { viewport, colorScheme }: Look) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: 'reduce' })
  if (!isSignedOut) {
    const [name = '', value = ''] = session.split('=', 2)
    await context.addCookies([{ name, value, url: `${manager.url}/api`, sameSite: 'Strict', httpOnly: true }])
  }
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404')) complaints.push(message.text())
  })
  if (isEngineDown) manager.engine.setUnavailable(true)
  await page.goto(`${(isNew ? fresh : manager).url}${path}`)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  if (isEngineDown) await page.getByText(/The engine has not been reachable/).waitFor()
  if (shows) await page.getByText(shows).first().waitFor()
  await act?.(page)
  await page.evaluate(() => document.fonts.ready)
  return { page, complaints }
}

async function signedIn({ url }: TestManager) {
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: 'correct horse battery' }),
  })
  return response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
}

/** What sticks out sideways, by its text; logs and code scroll by themselves. */
const widerThanScreen = (page: Page) =>
  page.evaluate(() => {
    const root = document.documentElement
    if (root.scrollWidth <= root.clientWidth) return []
    const wide = [...document.querySelectorAll('main *, header *, dialog *')].filter(
      (element) => element.getBoundingClientRect().right > root.clientWidth + 1,
    )
    return wide
      .slice(0, 5)
      .map((element) => `${element.tagName} ${element.className} ${element.textContent?.slice(0, 60)}`)
  })

async function violations(page: Page) {
  await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { violations } = await Object(globalThis).axe.run(document)
    return violations.map(({ id, nodes }: { id: string; nodes: { html: string; failureSummary: string }[] }) => ({
      id,
      nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary}`),
    }))
  })
}
