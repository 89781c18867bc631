import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connect, type RserveSession } from '../../manager/test/helpers/rserve-client.ts'
import { openBrowser } from './browser.ts'
import { archiveOf, deployFile, openApp, openTab, type Person, patient, tellWhenFailed, visitor } from './journey.ts'

const url = process.env.E2E_URL ?? ''
const admin: Person = { username: 'admin', password: process.env.E2E_ADMIN_PASSWORD ?? '' }
const sample = await readFile(join(import.meta.dirname, '../src/sample/app.R'), 'utf8')

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

describe('the life of an app', () => {
  const name = `Journey ${randomUUID().slice(0, 8)}`
  const slug = name.toLowerCase().replace(' ', '-')
  let page: Page
  let complaints: string[]
  let session: RserveSession
  const appUrl = `${url}/${slug}/`
  const text = async () => (await fetch(appUrl)).text()

  beforeAll(async () => {
    ;({ page, complaints } = await visitor(browser, url, admin))
  })
  beforeEach(() => tellWhenFailed(page))
  afterAll(() => page.context().close())

  it('begins with the sample, which answers people and programs', async () => {
    await page
      .getByRole('link', { name: 'New app' })
      .or(page.getByRole('link', { name: 'Deploy the sample' }))
      .first()
      .click()
    await page.getByText('Sample', { exact: true }).click()
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByText('free').waitFor()
    await page.getByRole('button', { name: 'Deploy' }).click()
    await page.getByRole('heading', { name: 'v1 is live' }).waitFor(patient)
    expect(await page.title()).toContain('✓ v1 live')

    const opening = page.context().waitForEvent('page')
    await page.getByRole('link', { name: 'Open' }).first().click()
    const app = await opening
    expect(app.url()).toBe(appUrl)
    await app.getByText('Your R code is online').waitFor(patient)
    // The sandbox of a shared host: the page has no origin, so it cannot act as who is signed in.
    expect(await app.evaluate(() => window.origin)).toBe('null')
    await app.close()
  })

  it('shows who is connected', async () => {
    session = await connect(appUrl.replace(/^http/, 'ws'))
    expect(await session.call('add', 1, 2)).toBe(3)
    await openApp(page, url, name)
    await openTab(page, 'Sessions')
    await page.getByText('1 session', { exact: true }).waitFor(patient)
  })

  it('changes while the old session goes on', async () => {
    await deployFile(page, sample.replace('is online', 'has changed'), 'v2 is live')
    expect(await text()).toContain('has changed')
    await page.getByText('1 session of before goes on').waitFor(patient)
    expect(await session.call('add', 2, 3)).toBe(5)
    await page.getByRole('button', { name: 'End now' }).click()
    await session.closed
  })

  it('keeps serving when a version does not load, and says why', async () => {
    await openApp(page, url, name)
    await deployFile(page, 'stop("this version is broken")', 'v3 failed')
    const alert = page.getByRole('alert')
    await alert.getByText('v3 failed, v2 keeps serving').waitFor()
    expect(await alert.textContent()).toContain('this version is broken')
    expect(await text()).toContain('has changed')
  })

  it('rolls back after showing what would change', async () => {
    await openApp(page, url, name)
    await openTab(page, 'Releases')
    await page.getByRole('button', { name: 'Roll back to v1' }).click()
    const dialog = page.getByRole('dialog', { name: 'Roll back to v1?' })
    await dialog.getByRole('heading', { name: 'Code' }).waitFor()
    await dialog.getByRole('button', { name: 'Roll back' }).click()
    await page.getByRole('heading', { name: 'v1 is live' }).waitFor(patient)
    expect(await text()).toContain('is online')
  })

  it('is deployed by a token, until that ends', async () => {
    await page.goto(`${url}/tokens`)
    await page.getByRole('button', { name: 'New token' }).click()
    await page.getByLabel('Name').fill(name)
    await page.getByRole('button', { name: 'Make token' }).click()
    const token = await page.getByRole('region', { name: 'The token' }).textContent()
    await page.getByRole('button', { name: 'I have copied it' }).click()
    const deploy = async () => {
      await using archive = await archiveOf(sample.replace('is online', 'came by token'))
      return fetch(`${url}/api/deploy/${slug}?wait=60`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/gzip' },
        body: new Uint8Array(await readFile(archive.path)),
      })
    }
    expect(await (await deploy()).json()).toMatchObject({ deployment: { status: 'live' } })
    expect(await text()).toContain('came by token')
    await page.getByRole('button', { name: `End ${name}` }).click()
    await page.getByRole('button', { name: 'End token' }).click()
    await page.getByText(`${name} has ended.`).waitFor()
    expect((await deploy()).status).toBe(401)
  })

  it('is found again in the audit log', async () => {
    await page.goto(`${url}/audit`)
    await page.getByRole('row').filter({ hasText: 'ended a token' }).filter({ hasText: name }).first().waitFor()
  })

  it('ends when its address was typed', async () => {
    await openApp(page, url, name)
    await page.getByRole('button', { name: 'More verbs' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByLabel(`Type ${slug} to confirm`).fill(slug)
    await page.getByRole('button', { name: 'Delete app' }).click()
    await page.getByRole('heading', { name: 'Apps', level: 1 }).waitFor()
    await expect.poll(async () => (await fetch(appUrl)).status, { timeout: 30_000 }).toBe(404)
    expect(complaints).toEqual([])
  })
})

describe('people who share an app', () => {
  const id = randomUUID().slice(0, 6)
  const name = `Shared ${id}`
  const password = 'a few words are best'
  const editor = { username: `editor-${id}`, password }
  const viewer = { username: `viewer-${id}`, password }

  it('see and may what their part is', async () => {
    const { page } = await visitor(browser, url, admin)
    tellWhenFailed(page)
    for (const { username } of [editor, viewer]) await makeUser(page, username, password)
    await page.goto(`${url}/apps/new?from=sample`)
    await page.getByLabel('Name', { exact: true }).fill(name)
    await page.getByText('free').waitFor()
    await page.getByRole('button', { name: 'Deploy' }).click()
    await page.getByRole('heading', { name: 'v1 is live' }).waitFor(patient)
    await openApp(page, url, name)
    await openTab(page, 'Settings')
    await share(page, editor.username, 'editor')
    await share(page, viewer.username, 'viewer')

    const theirs = await visitor(browser, url, editor)
    await openApp(theirs.page, url, name)
    await deployFile(theirs.page, sample.replace('is online', 'is edited'), 'v2 is live')
    await theirs.page.getByRole('link', { name }).first().click()
    await theirs.page.getByRole('button', { name: 'More verbs' }).click()
    await expect(theirs.page.getByRole('menuitem', { name: /Delete/ }).textContent()).resolves.toContain('Only admin')

    const watching = await visitor(browser, url, viewer)
    await openApp(watching.page, url, name)
    const deploy = watching.page.getByRole('button', { name: 'Deploy', exact: true })
    expect(await deploy.getAttribute('aria-disabled')).toBe('true')
    await openTab(watching.page, 'Logs')
    await watching.page.getByRole('log').waitFor()
    // It was shared while they look: the feed takes it away.
    await watching.page.goto(`${url}/apps`)
    await watching.page.getByRole('link', { name, exact: true }).waitFor()
    await watching.page.getByText('Live', { exact: true }).waitFor()
    await page.getByRole('button', { name: `Remove ${viewer.username}` }).click()
    await watching.page.getByRole('link', { name, exact: true }).waitFor({ state: 'detached' })
    for (const { context } of [theirs, watching]) await context.close()
    await page.context().close()
  })
})

async function makeUser(page: Page, username: string, password: string) {
  await page.goto(`${url}/users`)
  await page.getByRole('button', { name: 'New user' }).click()
  await page.getByLabel('Name', { exact: true }).fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Make account' }).click()
  await page.getByRole('rowheader', { name: username }).waitFor()
}

async function share(page: Page, username: string, role: 'editor' | 'viewer') {
  await page.getByRole('button', { name: 'Share' }).click()
  const dialog = page.getByRole('dialog', { name: /^Share/ })
  await dialog.getByLabel('User name').fill(username)
  await dialog.getByLabel('May').selectOption(role)
  await dialog.getByRole('button', { name: 'Share' }).click()
  await dialog.waitFor({ state: 'detached' })
}
