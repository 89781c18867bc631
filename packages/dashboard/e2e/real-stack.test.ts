import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest'
import { openBrowser } from './browser.ts'

const url = process.env.E2E_URL ?? ''
const password = process.env.E2E_ADMIN_PASSWORD ?? ''
const hello = join(import.meta.dirname, '../../../examples/hello')
const patient = { timeout: 60_000 }

let browser: Browser
let folder: string
let archive: string

beforeAll(async () => {
  browser = await openBrowser()
  folder = await mkdtemp(join(tmpdir(), 'rsp-journey-'))
  archive = join(folder, 'hello.tar.gz')
  await promisify(execFile)('tar', ['-C', hello, '-czf', archive, '.'])
})
afterAll(async () => {
  await browser?.close()
  await rm(folder, { recursive: true })
})

async function signIn(page: Page) {
  await page.goto(url)
  await page.getByLabel('Name').fill('admin')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Apps', level: 1 }).waitFor()
}

async function createFromUpload(page: Page, slug: string) {
  await page.goto(`${url}/apps/new`)
  await page.getByLabel('Name', { exact: true }).fill('Journey')
  await page.getByLabel('Address', { exact: true }).fill(slug)
  await page.getByText('free').waitFor()
  await page.getByLabel('Archive').setInputFiles(archive)
  await page.getByRole('button', { name: 'Deploy' }).click()
}

it('goes from sign in to an app that answers 3, and deletes it', async () => {
  const slug = `journey-${randomUUID().slice(0, 8)}`
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  onTestFailed(async () => console.error(page.url(), await page.locator('body').textContent()))

  await signIn(page)
  await createFromUpload(page, slug)
  await page.getByRole('heading', { name: 'v1 is live' }).waitFor(patient)
  expect(await page.title()).toContain('✓ v1 live')

  const opening = context.waitForEvent('page')
  await page.getByRole('link', { name: 'Open' }).first().click()
  const app = await opening
  expect(app.url()).toBe(`${url}/${slug}/`)
  await app.getByText('3', { exact: true }).waitFor(patient)
  // The sandbox of a shared host: the page has no origin, so it cannot act as who is signed in.
  expect(await app.evaluate(() => window.origin)).toBe('null')
  await app.close()

  await page.goto(`${url}/apps`)
  await page.getByRole('link', { name: 'Journey' }).first().click()
  await page.getByRole('button', { name: 'More verbs' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByLabel(`Type ${slug} to confirm`).fill(slug)
  await page.getByRole('button', { name: 'Delete app' }).click()
  await page.getByRole('heading', { name: 'Apps', level: 1 }).waitFor()
  await expect.poll(async () => (await fetch(`${url}/${slug}/`)).status, { timeout: 30_000 }).toBe(404)
  expect(complaints).toEqual([])
  await context.close()
})
