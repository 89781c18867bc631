import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import type { Deployed } from '@rserve-proxy/contract/one-call.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeFolder } from '../helpers/code-folder.ts'
import { connect } from '../helpers/rserve-client.ts'
import { type SignedIn, signIn } from '../helpers/signed-in.ts'
import { docker, outputOf } from './engine-facts.ts'
import { type GitContainer, startGitContainer } from './git-container.ts'
import { stack } from './stack.ts'

// Real packages, compiled on the real engine: found in the code, locked, shared, explained.

const run = promisify(execFile)
const made: string[] = []
let api: SignedIn

beforeAll(async () => {
  api = await signIn(stack.url, 'admin', stack.adminPassword)
})
afterAll(async () => {
  for (const appId of made) await api.call('DELETE /api/apps/:appId', { params: { appId } })
})

const code = (digest: string) => `library(vctrs)
.http.request <- function(path, query, body, headers) {
  list(jsonlite::toJSON(list(sum = vctrs::vec_size(1:3), digest = ${digest}), auto_unbox = TRUE), "application/json")
}
add <- function(a, b = 1) a + b
oc.init <- function() Rserve::ocap(function() list(add = Rserve::ocap(add)))
`

/** As a script would: one call with an archive. */
async function deploy(slug: string, text: string, more: Record<string, string> = {}): Promise<Deployed> {
  await using folder = await codeFolder(text, more)
  const options = { encoding: 'buffer' as const, maxBuffer: 2 ** 26 }
  const { stdout } = await run('tar', ['-C', folder.folder, '-cz', '.'], options)
  const headers = { 'content-type': 'application/gzip' }
  const path = `/api/deploy/${slug}?create=true&wait=120`
  const response = await api.send(path, { method: 'POST', headers, body: new Uint8Array(stdout) })
  const deployed: Deployed = JSON.parse(await response.text())
  expect(response.status, JSON.stringify(deployed).slice(0, 500)).toBe(200)
  if (!made.includes(deployed.app.id)) made.push(deployed.app.id)
  return deployed
}

async function buildLog(appId: string) {
  return (await api.send(`/api/apps/${appId}/logs?stream=build`)).text()
}

const installs = (log: string) => log.split('\n').filter((line) => line.startsWith('- Installing'))

describe('packages that the code names', () => {
  const slugs = [randomUUID(), randomUUID()].map((id) => `pkg-${id.slice(0, 8)}`)
  const [slug = '', second = ''] = slugs
  let first: Deployed
  let lock = ''

  it('are found, compiled, and used', { timeout: 300_000 }, async () => {
    first = await deploy(slug, code('"none"'))
    expect(first.deployment).toMatchObject({ status: 'live', failure: null })
    expect(await (await fetch(first.url)).json()).toEqual({ sum: 3, digest: 'none' })
    const release = await api.call('GET /api/apps/:appId/releases/:number', {
      params: { appId: first.app.id, number: 1 },
    })
    expect(release.packagesFrom).toBe('code')
    expect(release.packages.map(({ name }) => name)).toEqual(['cli', 'glue', 'jsonlite', 'lifecycle', 'rlang', 'vctrs'])
    expect(installs(await buildLog(first.app.id))).toHaveLength(6)
    lock = await (await api.send(`/api/apps/${first.app.id}/releases/1/renv.lock`)).text()
  })

  it('stay when only the code changes', async () => {
    await deploy(slug, code('"changed"'))
    expect(await (await fetch(first.url)).json()).toEqual({ sum: 3, digest: 'changed' })
    expect(installs(await buildLog(first.app.id))).toEqual([])
  })

  it('are not installed for a second app with the same lock', async () => {
    const other = await deploy(second, code('"none"'), { 'renv.lock': lock })
    expect(other.deployment).toMatchObject({ status: 'live', failure: null })
    expect(await (await fetch(other.url)).json()).toEqual({ sum: 3, digest: 'none' })
    const log = await buildLog(other.app.id)
    expect(log).toContain('Packages: 6 in renv.lock, as they are')
    expect(log).toContain('These packages are installed already: nothing to do')
    expect(installs(log)).toEqual([])
  })

  it('are compiled alone when they are new', { timeout: 300_000 }, async () => {
    await deploy(slug, code('digest::digest("a", serialize = FALSE)'))
    expect(await (await fetch(first.url)).json()).toEqual({ sum: 3, digest: '0cc175b9c0f1b6a831c399e269772661' })
    const compiled = installs(await buildLog(first.app.id)).filter((line) => !line.includes('copied from cache'))
    expect(compiled).toEqual([expect.stringContaining('digest')])
  })

  it('that nobody has fail the next deployment, and the app goes on', async () => {
    const { deployment } = await deploy(slug, `library(nosuchpackage)\n${code('"broken"')}`)
    expect(deployment).toMatchObject({
      status: 'failed',
      failure: { code: 'package-undeclared', fix: { kind: 'package', packages: ['nosuchpackage'] } },
    })
    expect(await (await fetch(first.url)).json()).toMatchObject({ digest: '0cc175b9c0f1b6a831c399e269772661' })
  })

  it('tell the functions of the app', async () => {
    const { functions } = await api.call('GET /api/apps/:appId/functions', { params: { appId: first.app.id } })
    expect(functions).toEqual([
      {
        name: 'add',
        arguments: [
          { name: 'a', required: true },
          { name: 'b', required: false, default: '1', type: 'number' },
        ],
      },
    ])
    const session = await connect(first.url.replace(/^http/, 'ws'))
    expect(await session.call('add', 1, 2)).toBe(3)
    session.close()
  })
})

describe('a private repository', () => {
  const secret = `canary-${randomUUID()}`
  let git: GitContainer

  beforeAll(async () => {
    git = await startGitContainer({ name: 'private', account: `bot:${secret}` })
    await using folder = await codeFolder(code('"private"'))
    await git.commit(folder.folder)
  })
  afterAll(() => git?.[Symbol.asyncDispose]())

  it('is fetched with a credential that shows up nowhere', { timeout: 300_000 }, async () => {
    const inspect = (credentialId?: string) =>
      api.call('POST /api/git/inspect', { body: { repoUrl: git.url, ...(credentialId && { credentialId }) } })
    await expect(inspect()).rejects.toMatchObject({ problem: { code: 'source-unreadable' } })
    const host = new URL(git.url).host
    const credential = await api.call('POST /api/credentials', {
      body: { name: 'canary', host, username: 'bot', secret },
    })
    expect(await inspect(credential.id)).toMatchObject({
      branches: ['main'],
      found: { packagesFound: ['jsonlite', 'vctrs'], packagesFrom: 'code', modeFound: 'ocap' },
    })
    const codeSource = { type: 'git' as const, repoUrl: git.url, credentialId: credential.id }
    const slug = `prv-${randomUUID().slice(0, 8)}`
    const app = await api.call('POST /api/apps', { body: { name: 'Private', slug, codeSource } })
    made.push(app.id)
    expect(await api.settle(app.id, 'deploy')).toMatchObject({ status: 'live', failure: null })
    const places = await everywhere(app.id)
    for (const [place, text] of Object.entries(places)) {
      expect(text.length, place).toBeGreaterThan(0)
      for (const form of [secret, Buffer.from(`bot:${secret}`).toString('base64')])
        expect(text.includes(form), `${place} holds the secret`).toBe(false)
    }
    await api.call('DELETE /api/credentials/:credentialId', { params: { credentialId: credential.id } })
  })
})

/** Where a secret would be found: image, logs, answers, database, processes. */
async function everywhere(appId: string) {
  const [container] = await docker.listContainers({ filters: { label: [`rserve-proxy.io/app-id=${appId}`] } })
  const image = container?.ImageID ?? ''
  const { stdout: history } = await run('docker', ['history', '--no-trunc', image])
  const manager = `${stack.project}-manager-1`
  const { stdout, stderr } = await run('docker', ['logs', manager], { maxBuffer: 2 ** 28 })
  return {
    history,
    image: JSON.stringify(await docker.getImage(image).inspect()),
    container: JSON.stringify(await docker.getContainer(container?.Id ?? '').inspect()),
    'build log': await buildLog(appId),
    'manager log': stdout + stderr,
    app: await (await api.send(`/api/apps/${appId}`)).text(),
    credentials: await (await api.send('/api/credentials')).text(),
    database: await outputOf('postgres', [
      'psql',
      '-U',
      'rserve_proxy',
      '-P',
      'pager=off',
      '-Atc',
      'select * from credentials, builds limit 20',
    ]),
    processes: JSON.stringify(await docker.getContainer(manager).top({ ps_args: 'axww' })),
  }
}
