import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { App, Mode } from '@rserve-proxy/contract/apps.ts'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SignedIn, signIn } from '../../manager/test/helpers/signed-in.ts'
import { callSnippets, type Snippet } from '../src/components/call-snippet.ts'
import { deploySnippet } from '../src/components/token-words.ts'
import { openBrowser } from './browser.ts'

// Every snippet that the dashboard offers, run as somebody would who pastes it.

const run = promisify(execFile)
const root = join(import.meta.dirname, '../../..')
const url = process.env.E2E_URL ?? ''
const hasPython = await run('python3', ['--version']).then(
  () => true,
  () => false,
)

let api: SignedIn
let folder: string
const apps = new Map<Mode, App>()

beforeAll(async () => {
  api = await signIn(url, 'admin', process.env.E2E_ADMIN_PASSWORD ?? '')
  folder = await mkdtemp(join(tmpdir(), 'rsp-snippets-'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const [mode, example] of [
    ['ocap', 'hello'],
    ['http', 'http-only'],
  ] as const) {
    const slug = `snippet-${mode}-${randomUUID().slice(0, 6)}`
    const app = await api.call('POST /api/apps', { body: { name: slug, slug, mode, codeSource: { type: 'upload' } } })
    await api.upload(app.id, join(root, 'examples', example))
    expect(await api.settle(app.id, 'deploy')).toMatchObject({ status: 'live' })
    apps.set(mode, app)
  }
})
afterAll(async () => {
  for (const { id } of apps.values()) await api.call('DELETE /api/apps/:appId', { params: { appId: id } })
  if (folder) await rm(folder, { recursive: true })
})

async function codeOf(mode: Mode, language: Snippet['language']) {
  const app = apps.get(mode)
  if (!app) throw new Error(`no app of mode ${mode}`)
  const { functions } = await api.call('GET /api/apps/:appId/functions', { params: { appId: app.id } })
  const code = callSnippets(app, functions).find((snippet) => snippet.language === language)?.code
  if (!code) throw new Error(`no snippet for ${language}`)
  return code
}

async function script(name: string, text: string) {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

describe('functions', () => {
  it('are called by Node', async () => {
    const path = await script('call.cjs', await codeOf('ocap', 'Node'))
    expect((await run(process.execPath, [path])).stdout.trim()).toBe('3')
  })

  it('are called by a page', async () => {
    const bundle = await rolldown({ input: await script('call.ts', await codeOf('ocap', 'TypeScript')), cwd: folder })
    const { output } = await bundle.generate({ format: 'esm' })
    const browser = await openBrowser()
    try {
      const page = await browser.newPage()
      const said = page.waitForEvent('console', { timeout: 20_000 })
      await page.setContent(`<script type="module">${output[0].code.replaceAll('</script', '<\\/script')}</script>`)
      expect((await said).text()).toBe('3')
    } finally {
      await browser.close()
    }
  })
})

describe('an HTTP app', () => {
  it('is called by curl', async () => {
    expect((await run('bash', ['-c', await codeOf('http', 'curl')])).stdout).toBe('Hello, world\n')
  })

  it('is called by R', async () => {
    const asked = ['run', '--rm', '--network', 'host', '--entrypoint', 'Rscript', 'rserve-base:4.5.0', '-e']
    expect((await run('docker', [...asked, await codeOf('http', 'R')])).stdout).toBe('Hello, world\n')
  })

  it.skipIf(!hasPython)('is called by Python', async () => {
    const path = await script('call.py', await codeOf('http', 'Python'))
    expect((await run('python3', [path])).stdout.trim()).toBe('Hello, world')
  })
})

it('a token deploys the folder one is in', async () => {
  const slug = `snippet-token-${randomUUID().slice(0, 6)}`
  const made = await api.call('POST /api/auth/tokens', { body: { name: slug } })
  const deploy = deploySnippet(url, made.token, slug)
  const { stdout } = await run('bash', ['-c', deploy], { cwd: join(root, 'examples/hello') })
  const { app, deployment } = JSON.parse(stdout)
  expect(deployment).toMatchObject({ status: 'live' })
  await api.call('DELETE /api/apps/:appId', { params: { appId: app.id } })
  await api.call('DELETE /api/auth/tokens/:tokenId', { params: { tokenId: made.id } })
})
