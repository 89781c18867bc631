import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createGitSource } from '../../src/sources/git.ts'
import { type GitServer, startGitServer } from '../helpers/git-server.ts'

const never = new AbortController().signal

let home = ''
let server: GitServer
let first = ''
let second = ''
/** What the server does instead of git, by repository; false = git answers after all. */
const tricks = new Map<string, (request: IncomingMessage, response: ServerResponse) => unknown>()
const requests: string[] = []

function intercept(request: IncomingMessage, response: ServerResponse): boolean {
  requests.push(request.url ?? '')
  const trick = tricks.get(/^\/([^/]+)\.git/.exec(request.url ?? '')?.[1] ?? '')
  return trick !== undefined && trick(request, response) !== false
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rsp-git-'))
  // A source keeps its bundle of certificates there for as long as the process runs.
  process.env.TMPDIR = home
  server = await startGitServer({ intercept, names: ['git.test', 'moved.test'] })
  const code = join(home, 'code')
  await mkdir(join(code, 'sub/app'), { recursive: true })
  await writeFile(join(code, 'app.R'), 'x <- 1\n')
  await writeFile(join(code, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 })
  await writeFile(join(code, 'sub/app/app.R'), 'y <- 1\n')
  first = await server.commit('hello', code)
  await writeFile(join(code, 'app.R'), 'x <- 2\n')
  second = await server.commit('hello', code, { tag: 'v2' })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(home, { recursive: true, force: true })
})

let number = 0
let dir = ''
beforeEach(() => {
  number += 1
  dir = join(home, `fetched-${number}`)
})

const listed = () => [`git.test:${server.port}`, `moved.test:${server.port}`]
const source = (options = {}) =>
  createGitSource({ allowedHosts: listed(), caFile: server.caFile, resolve: async () => ['127.0.0.1'], ...options })
const said: string[] = []
const fetch = (repository: string, commit: string, options = {}) =>
  source().fetch(
    { repoUrl: server.url(repository), branch: 'main', commit, dir, onLine: (line) => said.push(line), ...options },
    never,
  )

describe('newest', () => {
  it.each([
    ['main', 'main'],
    ['v2', 'v2'],
    [undefined, 'main'],
  ])('names the commit of %s', async (branch, named) => {
    const newest = await source().newest({ repoUrl: server.url('hello'), branch }, never)
    expect(newest).toEqual({ commit: second, branch: named })
  })

  it('says which branch does not exist', async () => {
    const newest = source().newest({ repoUrl: server.url('hello'), branch: 'nope' }, never)
    await expect(newest).rejects.toMatchObject({
      code: 'source-unreachable',
      message: `git.test:${server.port} has no branch or tag "nope".`,
    })
  })

  it('says that a repository does not exist', async () => {
    const newest = source().newest({ repoUrl: server.url('nothing') }, never)
    await expect(newest).rejects.toMatchObject({ code: 'source-unreachable' })
  })

  it('does not trust a stranger’s certificate', async () => {
    const newest = source({ caFile: undefined }).newest({ repoUrl: server.url('hello') }, never)
    await expect(newest).rejects.toMatchObject({ message: expect.stringContaining('EXTRA_CA_FILE') })
  })
})

describe('a private repository', () => {
  const credential = { username: 'bot', secret: 'canary-3f9a7c' }
  const basic = Buffer.from('bot:canary-3f9a7c').toString('base64')
  /** Command lines and environments that named the secret while git was talking to us. */
  const leaks: string[] = []

  beforeAll(() => {
    tricks.set('private', (request, response) => {
      leaks.push(...processesThatName([credential.secret, basic]))
      if (request.headers.authorization === `Basic ${basic}`) return false
      return response.writeHead(401, { 'www-authenticate': 'Basic realm="private"' }).end()
    })
  })

  it('is read with its credential, which no process shows', async () => {
    await server.commit('private', join(home, 'code'))
    const repository = { repoUrl: server.url('private'), credential }
    const newest = await source().newest(repository, never)
    expect(await source().branches(repository, 10, never)).toEqual(['main'])
    await fetch('private', newest.commit, { credential })
    expect(await readdir(dir)).toContain('app.R')
    expect(leaks).toEqual([])
    expect((await readdir(home)).filter((name) => name.startsWith('rsp-git-config-'))).toEqual([])
  })

  it('asks for one, and says when it is wrong', async () => {
    for (const wrong of [undefined, { username: 'bot', secret: 'something-else' }]) {
      const newest = source().newest({ repoUrl: server.url('private'), credential: wrong }, never)
      await expect(newest).rejects.toMatchObject({ code: 'source-needs-auth' })
    }
  })

  it('keeps its credential from the host that it sends us on to', async () => {
    const moved = `https://moved.test:${server.port}/hello.git`
    const seen: (string | undefined)[] = []
    tricks.set('sent-on', (request, response) => {
      const target = `${moved}${(request.url ?? '').slice('/sent-on.git'.length)}`
      response.writeHead(301, { location: target }).end()
    })
    tricks.set('hello', (request) => {
      seen.push(request.headers.authorization)
      return false
    })
    try {
      await source().newest({ repoUrl: server.url('sent-on'), credential }, never)
    } finally {
      tricks.delete('hello')
    }
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.every((header) => header === undefined)).toBe(true)
  })
})

/** Of every process of this machine that we may look at. */
function processesThatName(secrets: string[]): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
  return pids.flatMap((pid) =>
    ['cmdline', 'environ'].flatMap((name) => {
      try {
        const text = readFileSync(`/proc/${pid}/${name}`, 'utf8')
        return secrets.some((secret) => text.includes(secret)) ? [text] : []
      } catch {
        return [] // It has ended meanwhile.
      }
    }),
  )
}

describe('fetch', () => {
  it('gives exactly the commit that was asked for, as plain files', async () => {
    const code = await fetch('hello', first)
    expect(await readFile(join(dir, 'app.R'), 'utf8')).toBe('x <- 1\n')
    expect((await readdir(dir)).sort()).toEqual(['app.R', 'run.sh', 'sub'])
    expect(code).toMatchObject({
      dir,
      sizeBytes: 24,
      revision: { commit: first, files: 3, label: `main@${first.slice(0, 8)}` },
    })
    expect((await fetch('hello', second, { dir: `${dir}-2` })).revision.hash).not.toBe(code.revision.hash)
  })

  it('gives a subdirectory alone', async () => {
    await fetch('hello', second, { subdirectory: 'sub/app' })
    expect(await readdir(dir)).toEqual(['app.R'])
    const missing = fetch('hello', second, { dir: `${dir}-2`, subdirectory: 'sub/nope' })
    await expect(missing).rejects.toMatchObject({ code: 'entry-not-regular' })
  })

  it('leaves links and submodules out, and runs no filter', async () => {
    const code = join(home, 'odd')
    await mkdir(code)
    await writeFile(join(code, 'data.csv'), '1\n')
    await writeFile(join(code, '.gitattributes'), '*.csv filter=evil\n*.bin filter=lfs\n')
    await symlink('/etc/passwd', join(code, 'app.R'))
    await server.commit('odd', code)
    await server.inClone('odd', [
      ['update-index', '--add', '--cacheinfo', `160000,${first},vendor`],
      ['commit', '-q', '-m', 'submodule'],
    ])
    const { commit } = await source().newest({ repoUrl: server.url('odd') }, never)
    said.length = 0
    await fetch('odd', commit)
    expect((await readdir(dir)).sort()).toEqual(['.gitattributes', 'data.csv', 'vendor'])
    expect(await readdir(join(dir, 'vendor'))).toEqual([])
    expect(said.filter((line) => / is a | LFS /.test(line))).toHaveLength(3)
  })

  it('refuses a tree that unpacks to too much before it is written', async () => {
    const code = join(home, 'large')
    await mkdir(code)
    await writeFile(join(code, 'zeros'), Buffer.alloc(3 * 2 ** 20))
    const commit = await server.commit('large', code)
    const limits = { totalBytes: 2 ** 20, entries: 10, depth: 5 }
    const fetching = source({ limits }).fetch(
      { repoUrl: server.url('large'), commit, dir, onLine: () => undefined },
      never,
    )
    await expect(fetching).rejects.toMatchObject({ code: 'source-unsafe' })
  })

  it('leaves nothing behind when it fails', async () => {
    await expect(fetch('hello', 'f'.repeat(40))).rejects.toMatchObject({ code: 'source-unreachable' })
    expect((await readdir(home)).filter((name) => name.startsWith(`fetched-${number}`))).toEqual([])
  })
})

describe('a server that plays tricks', () => {
  const repoUrl = (name: string) => server.url(name)

  it('is refused when it asks for a password', async () => {
    tricks.set('auth', (_, response) => response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end())
    await expect(source().newest({ repoUrl: repoUrl('auth') }, never)).rejects.toMatchObject({
      code: 'source-needs-auth',
    })
  })

  it('may say that the repository has moved, three times', async () => {
    const to = (name: string) => (request: IncomingMessage, response: ServerResponse) =>
      response.writeHead(301, { location: `${server.url(name)}${request.url?.replace(/^[^.]+\.git/, '')}` }).end()
    for (const hop of [1, 2, 3, 4]) tricks.set(`old${hop}`, to(hop === 1 ? 'hello' : `old${hop - 1}`))
    expect(await source().newest({ repoUrl: repoUrl('old3') }, never)).toMatchObject({ commit: second })
    await expect(source().newest({ repoUrl: repoUrl('old4') }, never)).rejects.toMatchObject({
      code: 'source-unreachable',
    })
  })

  it.each([
    ['https://inside.test/x.git', 'ssrf-blocked'],
    ['https://127.0.0.1/x.git', 'source-unreachable'],
    ['http://git.test/x.git', 'source-unreachable'],
    ['file:///etc', 'source-unreachable'],
  ])('may not send us to %s', async (location, code) => {
    tricks.set('sent', (_, response) =>
      response.writeHead(302, { location: `${location}/info/refs?service=git-upload-pack` }).end(),
    )
    await expect(source().newest({ repoUrl: repoUrl('sent') }, never)).rejects.toMatchObject({ code })
  })

  it('is given up at the deadline, and at once when we are told to', async () => {
    tricks.set('tarpit', () => undefined)
    const slow = source({ deadlineMs: 300 }).newest({ repoUrl: repoUrl('tarpit') }, never)
    await expect(slow).rejects.toMatchObject({ code: 'timed-out' })
    const telling = new AbortController()
    const told = source().newest({ repoUrl: repoUrl('tarpit') }, telling.signal)
    setTimeout(() => telling.abort(new Error('cancelled')), 100)
    await expect(told).rejects.toThrow('cancelled')
  })

  it('gets the address that was checked, whatever the name says later', async () => {
    requests.length = 0
    let asked = 0
    const rebinding = async () => {
      asked += 1
      return asked === 1 ? ['127.0.0.1'] : ['10.0.0.1']
    }
    await source({ resolve: rebinding }).newest({ repoUrl: repoUrl('hello') }, never)
    expect(requests.length).toBeGreaterThan(0)
    expect(asked).toBe(1)
  })
})
