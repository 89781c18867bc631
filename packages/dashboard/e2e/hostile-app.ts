import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { BrowserContext, Response } from 'playwright-core'

export async function hostileArchive(): Promise<Buffer> {
  const folder = join(import.meta.dirname, 'hostile-app')
  const { stdout } = await promisify(execFile)('tar', ['-C', folder, '-cz', '.'], { encoding: 'buffer' })
  return stdout
}

export interface Attack {
  /** By attempt: `done: …` or `refused: …`. */
  results: Record<string, string>
  /** What the manager said to the attempts to make a token. */
  tokenStatuses: number[]
  /** Addresses of what the page framed. */
  framed: string[]
  /** What the app sees of a visit. */
  seenHeaders: string
}

/** The signed-in user of `context` visits the hostile app. */
export async function visitHostileApp(context: BrowserContext, appUrl: string, managerUrl: string): Promise<Attack> {
  const page = await context.newPage()
  const tokenStatuses: number[] = []
  const note = (response: Response) => {
    if (response.url().endsWith('/api/auth/tokens') && response.request().method() === 'POST')
      tokenStatuses.push(response.status())
  }
  context.on('response', note)
  await page.goto(`${appUrl}?manager=${encodeURIComponent(managerUrl)}`)
  await page.waitForFunction(() => document.title === 'attacked', undefined, { timeout: 60_000 })
  context.off('response', note)
  const results = JSON.parse((await page.locator('#results').textContent()) ?? '{}')
  const framed = page
    .frames()
    .filter((frame) => frame !== page.mainFrame())
    .map((frame) => frame.url())
  await page.goto(`${appUrl}headers`)
  const seenHeaders = (await page.locator('body').textContent()) ?? ''
  await page.close()
  return { results, tokenStatuses, framed, seenHeaders }
}
