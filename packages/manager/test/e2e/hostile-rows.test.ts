import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { type SignedIn, signIn } from '../helpers/signed-in.ts'
import { leftoversOf, managerContainer, outputOf } from './engine-facts.ts'
import { copyOfHello } from './hello-code.ts'
import { stack } from './stack.ts'

// Values that no request could have written, straight in the database: data to everything that reads them.

let api: SignedIn
beforeAll(async () => {
  api = await signIn(stack.url, 'admin', stack.adminPassword)
})

const marker = '/tmp/hostile-row-was-run'
const quoted = (text: string) => `$row$${text}$row$`

async function sql(statement: string) {
  return outputOf('postgres', ['psql', '-U', 'rserve_proxy', '-v', 'ON_ERROR_STOP=1', '-Atc', statement])
}

const git = (source: object) => `code_source = ${quoted(JSON.stringify({ type: 'git', ...source }))}::jsonb`
const list = (column: string, ...values: string[]) => `${column} = ${quoted(JSON.stringify(values))}::jsonb`

describe.each([
  [
    'an entry script of R text',
    `entry_script = ${quoted(`app.R'); system('touch ${marker}'); #`)}`,
    'entry-not-regular',
  ],
  ['an entry script outside', `entry_script = '../../../../etc/passwd'`, 'entry-not-regular'],
  ['an entry script that is an address', `entry_script = 'https://evil.test/x.R'`, 'entry-not-regular'],
  ['packages that are options', list('packages', '--vanilla', `$(touch ${marker})`), 'package-not-found'],
  ['packages of R text', list('packages', `x"); system("touch ${marker}"); ("`), 'package-not-found'],
  [
    'system packages that are options',
    list('system_packages', '-o', `APT::Update::Pre-Invoke::=touch ${marker}`),
    undefined,
  ],
  [
    'a branch that is an option',
    git({ repoUrl: 'https://git.test:8443/x.git', branch: `--upload-pack=touch ${marker}` }),
    undefined,
  ],
  ['a repository that is a command', git({ repoUrl: `ext::sh -c "touch ${marker}"` }), 'source-unreachable'],
  ['a repository on this machine', git({ repoUrl: 'file:///etc' }), 'source-unreachable'],
  ['a repository at a metadata address', git({ repoUrl: 'https://169.254.169.254/x' }), 'source-unreachable'],
  ['a subdirectory outside', git({ repoUrl: 'https://git.test:8443/x.git', subdirectory: '../../..' }), undefined],
])('%s', (_, change, code) => {
  it('is inert in build, stop, delete and cleanup', { timeout: 120_000 }, async () => {
    await using hello = await copyOfHello()
    const slug = `hostile-${randomUUID().slice(0, 8)}`
    const app = await api.call('POST /api/apps', { body: { name: slug, slug, codeSource: { type: 'upload' } } })
    const params = { appId: app.id }
    await api.upload(app.id, hello.folder)
    await sql(`update apps set ${change} where id = '${app.id}'`)
    const deployment = await api.settle(app.id, 'deploy')
    expect(deployment).toMatchObject({ status: 'failed', failure: code ? { code } : {} })
    expect(deployment.failure?.code).not.toBe('engine-failed')
    await api.settle(app.id, 'stop')
    await api.call('POST /api/system/cleanup', { querystring: { dryRun: true } })
    await api.call('DELETE /api/apps/:appId', { params })
    await expect.poll(() => leftoversOf(app.id), { timeout: 20_000 }).toEqual({ containers: 0, networks: 0, images: 0 })
    expect(await outputOf('manager', ['ls', '/tmp'])).not.toContain('hostile-row')
    expect((await managerContainer.inspect()).State.Running).toBe(true)
  })
})
