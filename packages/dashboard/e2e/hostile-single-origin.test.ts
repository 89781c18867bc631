import { randomUUID } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { signIn as signInByApi } from '../../manager/test/helpers/signed-in.ts'
import { openBrowser } from './browser.ts'
import { hostileArchive, visitHostileApp } from './hostile-app.ts'

// Apps share the dashboard's origin here, as in development: a sandbox keeps them apart.
const url = process.env.E2E_URL ?? ''
const password = process.env.E2E_ADMIN_PASSWORD ?? ''

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

it('a hostile app on the dashboard’s own origin reads nothing, makes no token and changes no sign-in', async () => {
  const api = await signInByApi(url, 'admin', password)
  const slug = `hostile-${randomUUID().slice(0, 8)}`
  const deployed = await api.send(`/api/deploy/${slug}?create=true&mode=http&wait=120`, {
    method: 'POST',
    headers: { 'content-type': 'application/gzip' },
    body: new Uint8Array(await hostileArchive()),
  })
  expect(deployed.status).toBe(200)
  const { app }: { app: { id: string } } = JSON.parse(await deployed.text())

  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(url)
  await page.getByLabel('Name').fill('admin')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Apps', level: 1 }).waitFor()
  const before = await context.cookies()

  const attack = await visitHostileApp(context, `${url}/${slug}/`, url)
  expect(attack.results).toEqual({
    read: 'refused: TypeError',
    send: 'done: opaque',
    sendJson: 'refused: TypeError',
    stream: 'refused: Error',
    script: 'refused: SecurityError',
    worker: expect.stringMatching(/^refused: /),
    cookie: 'refused: SecurityError',
  })
  expect(attack.tokenStatuses).not.toContain(201)
  expect(attack.framed).toEqual(['chrome-error://chromewebdata/'])
  expect(attack.seenHeaders).not.toMatch(/rsp_session|cookie:/i)
  expect(await context.cookies()).toEqual(before)
  const me = await page.evaluate(async () => (await fetch('/api/auth/me')).json())
  expect(me).toMatchObject({ user: { username: 'admin' }, singleOrigin: true })

  await context.close()
  await api.call('DELETE /api/apps/:appId', { params: { appId: app.id } })
})
