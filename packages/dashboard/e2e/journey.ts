import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { onTestFailed } from 'vitest'

/** Builds and roll-outs with real R. */
export const patient = { timeout: 90_000 }

export interface Person {
  username: string
  password: string
}

/** Of a test: when it fails, what the page showed. */
export const tellWhenFailed = (page: Page) =>
  onTestFailed(async () => console.error(page.url(), await page.locator('body').textContent()))

/** A page of somebody's own browser, signed in; what goes wrong in it is kept. */
export async function visitor(browser: Browser, url: string, { username, password }: Person) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url)
  await page.getByLabel('Name').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Apps', level: 1 }).waitFor()
  return { page, context, complaints }
}

/** `app.R` with this text, as an archive. */
export async function archiveOf(text: string): Promise<{ path: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'rsp-journey-'))
  await writeFile(join(folder, 'app.R'), text)
  const path = join(folder, 'code.tar.gz')
  await promisify(execFile)('tar', ['-C', folder, '-czf', path, 'app.R'])
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

/** Through the dialog of the app's page, to the end of the deployment. */
export async function deployFile(page: Page, text: string, result: string | RegExp) {
  await using archive = await archiveOf(text)
  await page.getByRole('button', { name: 'Deploy', exact: true }).first().click()
  await page.getByLabel('Archive').setInputFiles(archive.path)
  await page.getByRole('button', { name: 'Upload and deploy' }).click()
  await page.getByRole('heading', { level: 1, name: result }).waitFor(patient)
}

export async function openTab(page: Page, name: string) {
  await page.getByRole('navigation', { name: 'Parts of the app' }).getByRole('link', { name }).click()
}

export async function openApp(page: Page, url: string, name: string) {
  await page.goto(`${url}/apps`)
  await page.getByRole('link', { name, exact: true }).first().click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
}
