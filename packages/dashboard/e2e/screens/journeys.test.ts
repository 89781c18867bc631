import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '../../../manager/src/db/database.ts'
import { openTestDatabase } from '../../../manager/test/helpers/test-database.ts'
import { startTestManager, type TestManager } from '../../../manager/test/helpers/test-manager.ts'
import { openBrowser } from '../browser.ts'
import { tellWhenFailed } from '../journey.ts'
import { seed } from './seed.ts'

// By keyboard alone, and on a phone: the built dashboard before the real manager and the fake engine.

let database: Database
let manager: TestManager
let browser: Browser
let page: Page

beforeAll(async () => {
  database = await openTestDatabase()
  manager = await startTestManager(database, { env: { DASHBOARD_DIR: join(import.meta.dirname, '../../dist') } })
  await seed(manager)
  browser = await openBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await manager?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

async function open(width: number, height: number) {
  const context = await browser.newContext({ viewport: { width, height }, hasTouch: width < 640 })
  page = await context.newPage()
  tellWhenFailed(page)
  await page.goto(manager.url)
}

const keys = async (...presses: string[]) => {
  for (const press of presses) await page.keyboard.press(press)
}
const focused = () =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent)

/** Tab until the focus is on something with this name. */
async function tabTo(name: string | RegExp) {
  for (let count = 0; count < 60; count++) {
    await page.keyboard.press('Tab')
    const at = (await focused()) ?? ''
    if (typeof name === 'string' ? at.trim() === name : name.test(at)) return
  }
  throw new Error(`Tab never reached ${name}`)
}

it('by keyboard alone: signs in, finds an app, stops it, and has the focus back', async () => {
  await open(1280, 800)
  await page.getByLabel('Name').waitFor()
  await keys('Tab')
  await page.keyboard.type('admin')
  await keys('Tab')
  await page.keyboard.type('correct horse battery')
  await keys('Enter')
  await page.getByRole('heading', { level: 1, name: 'Apps' }).waitFor()

  await tabTo('Skip to content')
  await keys('Enter')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')

  await keys('Control+k')
  await page.getByRole('combobox').waitFor()
  await page.keyboard.type('forecast')
  await page.getByRole('option', { name: /forecast-api/ }).waitFor()
  await keys('Enter')
  await page.getByRole('heading', { level: 1, name: 'forecast-api' }).waitFor()
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main')
  await expect.poll(() => page.locator('[aria-live=polite]').textContent()).toContain('forecast-api')

  await tabTo('More verbs')
  await keys('Enter')
  await expect.poll(focused).toContain('Start')
  await keys('End', 'Escape')
  await expect.poll(focused).toBe('More verbs')
  await keys('Enter')
  await expect.poll(focused).toContain('Start')
  await keys('s')
  await expect.poll(focused).toContain('Stop')
  await keys('Enter')
  await page.getByRole('dialog', { name: 'Stop forecast-api?' }).waitFor()
  await expect.poll(focused).toBe('Keep running')
  await keys('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await expect.poll(focused).toBe('More verbs')

  await tabTo('Settings')
  await keys('Enter')
  await page.getByRole('heading', { name: 'Danger zone' }).waitFor()
  await page.context().close()
})

it('on a phone: signs in, puts the sample online, sees it run, and deletes it', async () => {
  await open(320, 640)
  await page.getByLabel('Name').fill('admin')
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Sign in' }).tap()
  await page.getByRole('heading', { level: 1, name: 'Apps' }).waitFor()
  await page.getByRole('link', { name: 'New app' }).tap()
  await page.getByText('Sample', { exact: true }).tap()
  await page.getByLabel('Name', { exact: true }).fill('On a phone')
  await page.getByText('free').waitFor()
  await page.getByRole('button', { name: 'Deploy' }).tap()
  await page.getByRole('heading', { level: 1, name: 'v1 is live' }).waitFor()

  await page.getByRole('button', { name: 'Menu' }).tap()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Apps' }).tap()
  await page.getByRole('link', { name: 'On a phone' }).tap()
  await page.getByRole('combobox', { name: 'Parts of the app' }).selectOption({ label: 'Releases' })
  await page.getByRole('rowheader', { name: 'v1' }).waitFor()
  await page.getByRole('button', { name: 'More verbs' }).tap()
  await page.getByRole('menuitem', { name: 'Delete' }).tap()
  await page.getByLabel('Type on-a-phone to confirm').fill('on-a-phone')
  await page.getByRole('button', { name: 'Delete app' }).tap()
  await page.getByRole('heading', { level: 1, name: 'Apps' }).waitFor()
  await expect.poll(() => page.getByRole('link', { name: 'On a phone' }).count()).toBe(0)
  await page.context().close()
})

it('takes a folder: zips it here, and says what its code needs', async () => {
  await open(1280, 800)
  await page.getByLabel('Name').fill('admin')
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'New app' }).click()
  await page
    .locator('input[type=file][aria-label=Folder]')
    .setInputFiles(join(import.meta.dirname, '../../../../examples/hello'))
  await page.getByText('hello.zip').waitFor()
  await page.getByText('Offers functions (OCAP)').waitFor()
  await page.context().close()
})
